#include "endpoint/client_opening.h"

#include <utility>
#include <variant>

namespace simws::endpoint {

ClientOpening::ClientOpening(Channel& channel, ClientOpeningHost& host, Plan plan)
    : channel_(channel),
      host_(host),
      request_(std::move(plan.request)),
      tunnel_request_(std::move(plan.tunnel_request)),
      answer_(std::move(plan.expectation)),
      is_secure_(plan.is_secure) {
  if (!tunnel_request_.empty()) tunnel_.emplace();
}

void ClientOpening::start() {
  ask(std::move(tunnel_ ? tunnel_request_ : request_));
}

void ClientOpening::ask(std::string request) {
  channel_.output().append_raw(std::move(request));
  channel_.queued();
}

// False: not yet, or it comes to nothing and the host knows.
bool ClientOpening::takes_tunnel(Bytes& input) {
  protocol::TunnelOutcome outcome = tunnel_->receive(input);
  if (std::holds_alternative<protocol::TunnelOpened>(outcome)) {
    if (request_.empty()) {
      on_tunnel(input);
      return false;
    }
    tunnel_.reset();
    ask(std::move(request_));
    return true;
  }
  if (const auto* failure = std::get_if<protocol::AttemptFailure>(&outcome)) {
    host_.on_failed(*failure);
  }
  return false;
}

// In TLS the client speaks first: who says something before isn't the server.
void ClientOpening::on_tunnel(Bytes rest) {
  if (rest.empty()) return host_.on_tunnel();
  host_.on_failed(protocol::unusable_answer("the proxy", "it goes on before TLS has begun"));
}

// What the host is told is the last that is done here.
void ClientOpening::on_data(MutableBytes data) {
  Bytes input = data;
  if (tunnel_ && !takes_tunnel(input)) return;
  protocol::HandshakeOutcome outcome = answer_.receive(input);
  if (auto* opened = std::get_if<protocol::Opened>(&outcome)) {
    return host_.on_opened(std::move(*opened), data.last(input.size()));
  }
  if (auto* redirected = std::get_if<protocol::Redirected>(&outcome)) {
    return host_.on_redirected(std::move(*redirected));
  }
  if (const auto* failure = std::get_if<protocol::AttemptFailure>(&outcome)) {
    host_.on_failed(*failure);
  }
}

std::optional<protocol::AttemptFailure> ClientOpening::failure_so_far() const {
  if (tunnel_) return tunnel_->failure_so_far();
  if (auto failure = answer_.failure_so_far()) return failure;
  if (!shakes_hands()) return std::nullopt;
  return protocol::AttemptFailure{
      protocol::FailureKind::timeout, "the TLS handshake wasn't done within connectTimeout", 0, {}};
}

bool ClientOpening::shakes_hands() const {
  return is_secure_ && !channel_.tls();
}

void ClientOpening::on_peer_end(bool lost, std::string_view reason) {
  if (lost && is_secure_ && (shakes_hands() || channel_.was_certificate_refused())) {
    return host_.on_failed(failure_of_tls(reason));
  }
  if (const auto failure = failure_so_far()) return host_.on_failed(*failure);
  const std::string_view who = tunnel_ ? "the proxy" : "the server";
  if (!lost) return host_.on_failed(protocol::closed_before_answer(who));
  host_.on_failed({protocol::FailureKind::network,
                   std::string(who) + " was lost before it answered: " + std::string(reason),
                   0,
                   {}});
}

protocol::AttemptFailure ClientOpening::failure_of_tls(std::string_view reason) const {
  const auto kind = channel_.was_certificate_refused() ? protocol::FailureKind::certificate
                                                       : protocol::FailureKind::network;
  return {kind, "TLS: " + std::string(reason), 0, {}};
}

}  // namespace simws::endpoint
