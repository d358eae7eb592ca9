// How HttpServing lets in who asks for a WebSocket, by its rules and by the application.
#include "endpoint/addresses.h"
#include "endpoint/http_serving.h"
#include "protocol/http/response.h"
#include "protocol/http/syntax.h"

#include <utility>
#include <variant>

namespace simws::endpoint {

namespace http = protocol::http;

namespace {

HttpResponse unavailable(std::string_view text, const char* seconds) {
  HttpResponse response = http::plain_response(503, text);
  response.headers.emplace_back("Retry-After", seconds);
  return response;
}

}  // namespace

std::optional<protocol::ForwardedRequest> HttpServing::find_client() const {
  if (rules_.proxies.trusted.empty()) return std::nullopt;
  return protocol::find_client(parser_.head(), ip_of(channel_.address()), rules_.proxies);
}

// Of a trusted proxy that doesn't say for whom it asks, it asks itself.
Admission HttpServing::judge_client(const std::optional<protocol::ForwardedRequest>& forwarded,
                                    bool is_attempt) {
  if (admission_ != Admission::admitted || rules_.proxies.trusted.empty()) return admission_;
  const transport::Address peer = channel_.address();
  if (!rules_.proxies.trusted.contains(ip_of(peer))) return admission_;
  return host_.on_client(forwarded ? address_of(forwarded->client) : peer, is_attempt);
}

void HttpServing::refuse_admission(Admission admission, bool is_attempt) {
  if (admission == Admission::too_often) {
    return refuse(unavailable("Too many connections in a second.", "1"),
                  "too many connections of this address in a second; maxHandshakesPerSecond says "
                  "how many may be",
                  is_attempt);
  }
  refuse(unavailable("This server has no room for more clients.", "5"),
         "the server is full; maxConnections and maxConnectionsPerAddress say how full",
         is_attempt);
}

// True: nothing more is to be read here.
bool HttpServing::handle_attempt(const protocol::EntryRequest& request, MutableBytes rest) {
  const bool inspects = rules_.inspector && channel_.inspects();
  auto answer = protocol::answer_handshake(request, minor_version_,
                                           inspects ? *rules_.inspector : rules_.handshake);
  if (auto* refused = std::get_if<protocol::Refused>(&answer)) {
    refuse(std::move(refused->response), refused->reason, true);
    return true;
  }
  if (auto refused = rules_.services.refuse(request)) {
    refuse(std::move(refused->response), refused->reason, true);
    return true;
  }
  auto accepted = std::get<protocol::Accepted>(std::move(answer));
  if (!accepted.subprotocol && head_.find("Sec-WebSocket-Protocol")) note_no_subprotocol();
  if (host_.decides_attempts() && !inspects) {
    ask(std::move(accepted), rest);
  } else {
    open(std::move(accepted), rest);
  }
  return true;
}

// Browsers then give the connection up, and say little of why.
void HttpServing::note_no_subprotocol() {
  const std::string asked = http::in_quotes(head_.joined("Sec-WebSocket-Protocol"));
  channel_.log_of_peer(LogLevel::info,
                       "gets none of the subprotocols it asks for, " + asked +
                           "; the option subprotocols lists those that the server speaks");
}

// Whoever takes the channel over may destroy this object: nothing of it is touched after that.
void HttpServing::open(protocol::Accepted accepted, MutableBytes rest) {
  channel_.output().append_raw(std::exchange(accepted.response, {}));
  channel_.queued();
  state_ = State::done;
  host_.on_upgrade(std::move(accepted), rest);
}

// What comes behind the attempt waits for the decision, which may be there when the host returns.
void HttpServing::ask(protocol::Accepted accepted, MutableBytes rest) {
  upgrade_ = std::make_unique<Upgrade>(Upgrade{std::move(accepted)});
  state_ = State::deciding;
  waiting_.append(as_text(rest));
  channel_.set_deadline(DeadlineKind::handshake);
  host_.on_attempt({head_.method(), head_.resource(), {}, head_});
  if (state_ == State::deciding && upgrade_->is_decided) finish_decision();
}

Result<bool> HttpServing::admit(const HeaderList& headers) {
  if (!is_deciding()) return false;
  if (auto checked = protocol::check_upgrade_headers(headers); !checked) {
    decline(http::plain_response(500, "The answer could not be sent."), checked.error().message,
            {});
    return checked.error();
  }
  protocol::add_headers(upgrade_->accepted, headers);
  upgrade_->is_decided = true;
  channel_.queued();
  return true;
}

Result<bool> HttpServing::decline(HttpResponse response, protocol::Charge charge) {
  if (!is_deciding()) return false;
  if (response.status >= 400 && response.status <= 599) {
    decline(std::move(response), "the upgrade handler (setUpgradeHandler) doesn't admit it",
            std::move(charge));
    return true;
  }
  const std::string reason = "status " + std::to_string(response.status) +
                             " can't refuse a WebSocket: use one from 400 to 599";
  decline(http::plain_response(500, "The request could not be handled."), reason,
          std::move(charge));
  return Error{ErrorCode::invalid_argument, reason};
}

void HttpServing::decline(HttpResponse response, std::string reason, protocol::Charge charge) {
  upgrade_->is_decided = true;
  upgrade_->refusal = std::move(response);
  upgrade_->reason = std::move(reason);
  upgrade_->charge = std::move(charge);
  channel_.queued();
}

void HttpServing::finish_decision() {
  const std::unique_ptr<Upgrade> upgrade = std::move(upgrade_);
  if (upgrade->refusal) {
    refuse(std::move(*upgrade->refusal), upgrade->reason, true);
    return upgrade->charge.arrive();
  }
  std::string waiting = std::exchange(waiting_, {});
  channel_.set_hold(Channel::Hold::waiting, false);
  open(std::move(upgrade->accepted), as_mutable_bytes(waiting));
}

void HttpServing::leave_undecided() {
  upgrade_.reset();
  keep_alive_ = false;
  state_ = State::done;
  (void)queue_response(http::plain_response(503, "The server is being stopped."));
  channel_.finish();
}

}  // namespace simws::endpoint
