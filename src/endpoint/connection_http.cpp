// A connection while it serves HTTP, up to the upgrade.
#include "endpoint/connection.h"
#include "endpoint/server_core.h"

#include <utility>
#include <variant>

namespace simws::endpoint {

namespace http = protocol::http;

namespace {

// A client that asks without reading is not answered further until it has read.
constexpr std::size_t max_queued_answers = 64 * 1024;

}  // namespace

void ServerConnection::receive_http(MutableBytes data) {
  using protocol::http::ParseStatus;
  Bytes rest = data;
  ParseStatus status = ParseStatus::need_more;
  while (phase_ == Phase::http && (status == ParseStatus::head || !rest.empty())) {
    const bool is_begun = status == ParseStatus::head;
    if (!is_begun && queued_bytes() > max_queued_answers) set_hold(Hold::answers, true);
    if (!is_begun && !may_handle_request()) {
      http_->waiting.append(as_text(rest));
      return set_hold(Hold::waiting, true);
    }
    status = http_->parser.parse(rest);
    begin_request_deadline();
    if (status == ParseStatus::fail) return refuse_request(http_->parser.refusal());
    if (status == ParseStatus::need_more) return;
    if (status == ParseStatus::head) {
      handle_head(!rest.empty());
    } else {
      hand_to_application(http_->parser.take_body());
    }
  }
  // The handshake may have been followed by frames in the same packet.
  const bool upgraded = phase_ == Phase::open || phase_ == Phase::closing;
  if (upgraded && !rest.empty()) session_.receive(data.last(rest.size()), *this);
}

void ServerConnection::receive_waiting() {
  std::string waiting = std::exchange(http_->waiting, {});
  receive_http(as_mutable_bytes(waiting));
  if (phase_ == Phase::retired) return;
  if (!http_ || http_->waiting.empty()) set_hold(Hold::waiting, false);
  update_assembly();
}

bool ServerConnection::may_handle_request() const {
  const bool behind = (holds_ & static_cast<std::uint8_t>(Hold::answers)) != 0;
  return !http_->awaiting_response && !behind;
}

void ServerConnection::begin_request_deadline() {
  if (deadline_kind() == DeadlineKind::keep_alive && http_->parser.started()) {
    set_deadline(DeadlineKind::handshake);
  }
}

// Whoever may not enter is told so before the body comes.
void ServerConnection::handle_head(bool body_follows) {
  request_ = http_->parser.head();
  http_->keep_alive = http_->parser.keep_alive() && !peer_ended_ && !core_.is_stopped();
  const bool is_attempt = protocol::is_websocket_attempt(request_);
  if (http_->refuse_all) {
    HttpResponse response = http::plain_response(503, "This server has no room for more clients.");
    response.headers.emplace_back("Retry-After", "5");
    return refuse(response,
                  "the server is full; maxConnections and maxConnectionsPerAddress say how full",
                  is_attempt);
  }
  if (is_attempt) return upgrade();
  const auto entry = protocol::refuse_entry(request_, core_.rules().entry);
  if (const auto* refused = std::get_if<protocol::Refused>(&entry)) {
    return refuse(refused->response, refused->reason, false);
  }
  if (http_->parser.expects_continue() && !body_follows) {
    queue().append_raw("HTTP/1.1 100 Continue\r\n\r\n");
    queued_something();
  }
}

void ServerConnection::hand_to_application(std::string_view body) {
  http_->awaiting_response = true;
  core_.deadlines().clear(*this);
  if (!core_.handlers().http) {
    (void)respond(http::plain_response(404, "Nothing is served here."));
    return;
  }
  announced_ = true;
  http_->in_handler = true;
  const HttpRequest request{request_.method(), request_.resource(), body, request_};
  const bool survived = core_.call("http", core_.handlers().http, *this, request);
  if (!http_) return;
  http_->in_handler = false;
  if (!survived && http_->awaiting_response) {
    (void)respond(http::plain_response(500, "The request could not be handled."));
  }
  if (http_->awaiting_response) set_hold(Hold::response, true);
}

void ServerConnection::upgrade() {
  auto answer = protocol::answer_handshake(request_, http_->parser.minor_version(), core_.rules());
  if (const auto* refused = std::get_if<protocol::Refused>(&answer)) {
    return refuse(refused->response, refused->reason, true);
  }
  open(std::get<protocol::Accepted>(std::move(answer)));
}

void ServerConnection::refuse_request(const http::Refusal& refusal) {
  refuse(http::plain_response(refusal.status, refusal.reason), refusal.reason,
         http_->parser.is_websocket_attempt());
}

void ServerConnection::refuse(const HttpResponse& response, std::string_view reason,
                              bool is_attempt) {
  request_ = http_->parser.head();
  core_.counters().refused.add(1);
  log(LogLevel::warning,
      "refused with " + std::to_string(response.status) + ": " + std::string(reason));
  http_->keep_alive = false;
  if (const auto queued = queue_response(response); !queued) {
    log(LogLevel::error, queued.error().message);
  }
  finish();
  if (is_attempt) tell_fail(reason);
}

Result<void> ServerConnection::queue_response(const HttpResponse& response) {
  const http::ResponseContext context{
      request_.method(), request_.resource(),           core_.options().server_name,
      http_->keep_alive, http_->parser.minor_version(), core_.options().origins};
  Result<std::string> bytes = http::encode_response(response, context);
  if (!bytes) return bytes.error();
  queue().append_raw(std::move(bytes).value());
  queued_something();
  return {};
}

Result<bool> ServerConnection::respond(const HttpResponse& response) {
  if (phase_ != Phase::http || !http_->awaiting_response) return false;
  if (core_.is_stopped()) http_->keep_alive = false;
  const Result<void> queued = queue_response(response);
  if (!queued) {
    log(LogLevel::error, "answered with 500: " + queued.error().message);
    (void)queue_response(http::plain_response(500, "The answer could not be sent."));
  }
  finish_response();
  if (!queued) return queued.error();
  return true;
}

void ServerConnection::finish_response() {
  http_->awaiting_response = false;
  http_->served = true;
  if (!http_->keep_alive || peer_ended_ || core_.is_stopped()) {
    finish();
    if (core_.is_stopped()) release();
    return;
  }
  set_deadline(DeadlineKind::keep_alive);
  set_hold(Hold::response, false);
  // What waits is handled at the end of the turn: `respond` may be called inside a handler.
  if (!http_->waiting.empty()) queued_something();
}

void ServerConnection::end_http(bool lost, std::string_view reason) {
  if (!lost && http_->awaiting_response) return;
  if (http_->parser.started()) {
    const std::string error =
        lost ? std::string(reason) : "the peer ended in the middle of a request";
    core_.counters().refused.add(1);
    log(LogLevel::info, error);
    finish();
    return tell_fail(error);
  }
  finish();
}

}  // namespace simws::endpoint
