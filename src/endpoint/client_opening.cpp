#include "endpoint/client_opening.h"

#include <utility>
#include <variant>

namespace simws::endpoint {

ClientOpening::ClientOpening(Channel& channel, ClientOpeningHost& host, Plan plan)
    : channel_(channel),
      host_(host),
      request_(std::move(plan.request)),
      tunnel_request_(std::move(plan.tunnel_request)),
      answer_(std::move(plan.expectation)) {
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
    tunnel_.reset();
    ask(std::move(request_));
    return true;
  }
  if (const auto* failure = std::get_if<protocol::AttemptFailure>(&outcome)) {
    host_.on_failed(*failure);
  }
  return false;
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
  return tunnel_ ? tunnel_->failure_so_far() : answer_.failure_so_far();
}

void ClientOpening::on_peer_end(bool lost, std::string_view reason) {
  if (const auto failure = failure_so_far()) return host_.on_failed(*failure);
  const std::string_view who = tunnel_ ? "the proxy" : "the server";
  if (!lost) return host_.on_failed(protocol::closed_before_answer(who));
  host_.on_failed({protocol::FailureKind::network,
                   std::string(who) + " was lost before it answered: " + std::string(reason),
                   0,
                   {}});
}

}  // namespace simws::endpoint
