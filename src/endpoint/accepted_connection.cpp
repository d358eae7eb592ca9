#include "endpoint/accepted_connection.h"

#include "endpoint/server_core.h"
#include "protocol/http/response.h"

#include <utility>

namespace simws::endpoint {

AcceptedConnection::AcceptedConnection(ServerCore& core, std::unique_ptr<transport::Stream> stream,
                                       bool is_refused)
    : core_(core),
      channel_(core.group(), *this, std::move(stream)),
      speaker_(std::make_unique<HttpServing>(channel_, static_cast<HttpHost&>(*this),
                                             core.http_rules(), is_refused)),
      is_refused_(is_refused) {
  channel_.set_speaker(*speaker_);
  channel_.start_reading();
}

HttpServing* AcceptedConnection::http() const {
  return is_websocket_ ? nullptr : static_cast<HttpServing*>(speaker_.get());
}

WebSocketEnd& AcceptedConnection::websocket() const {
  return static_cast<WebSocketEnd&>(*speaker_);
}

template <typename Work>
Result<bool> AcceptedConnection::attempt(Work&& work) noexcept {
  try {
    return work();
  } catch (...) {
    channel_.give_up();
    return false;
  }
}

Result<bool> AcceptedConnection::send(std::string_view data, Opcode opcode, bool fin) {
  if (!is_websocket_) return false;
  return attempt([&] { return websocket().send(data, opcode, fin); });
}

bool AcceptedConnection::send_shared(const protocol::SharedMessagePtr& message) noexcept {
  if (!is_websocket_) return false;
  const auto sent = attempt([&]() -> Result<bool> { return websocket().send_shared(message); });
  return sent && *sent;
}

void AcceptedConnection::deliver(protocol::OutgoingMessage& message) noexcept {
  try {
    if (is_websocket_) websocket().deliver(message);
  } catch (...) {
    channel_.give_up();
  }
}

void AcceptedConnection::overflow(protocol::Verdict verdict) noexcept {
  (void)attempt([&] {
    if (is_websocket_) websocket().refuse(verdict);
    return true;
  });
}

Buffer* AcceptedConnection::message_memory() noexcept {
  return is_websocket_ ? websocket().told_memory() : nullptr;
}

void AcceptedConnection::refuse_answer(std::size_t bytes) noexcept {
  (void)attempt([&] {
    if (HttpServing* const serving = http()) serving->refuse_answer(bytes);
    return true;
  });
  if (core_.is_stopped()) release();
}

void AcceptedConnection::yield_room(std::size_t bytes) noexcept {
  (void)attempt([&] {
    if (is_websocket_) websocket().overflow(protocol::Verdict::over_total_queued);
    return true;
  });
  const protocol::OutputBudget& budget = *core_.group().output_budget();
  if (budget.has_room_for(bytes)) return;
  if (!is_websocket_) {
    (void)attempt([&] {
      channel_.log_of_peer(LogLevel::warning, "an answer is cut off: over maxTotalQueuedBytes (" +
                                                  std::to_string(budget.max_total_queued_bytes()) +
                                                  "), and the peer reads too slowly");
      return true;
    });
  }
  channel_.cut_off();
}

Result<bool> AcceptedConnection::close(CloseCode code, std::string_view reason) {
  return attempt([&]() -> Result<bool> {
    if (auto checked = protocol::check_close(code, reason); !checked) return checked.error();
    return is_websocket_ ? websocket().close(code, reason) : false;
  });
}

Result<bool> AcceptedConnection::close_now(CloseCode code, std::string_view reason) {
  return attempt([&]() -> Result<bool> {
    if (auto checked = protocol::check_close(code, reason); !checked) return checked.error();
    return is_websocket_ ? websocket().close_now(code, reason) : false;
  });
}

Result<bool> AcceptedConnection::respond(HttpResponse response) {
  HttpServing* const serving = http();
  if (!serving) return false;
  auto responded = attempt([&] { return serving->respond(std::move(response)); });
  if (core_.is_stopped()) release();
  return responded;
}

Result<bool> AcceptedConnection::respond(HttpResponse response, protocol::Charge charge) {
  HttpServing* const serving = http();
  if (!serving) return false;
  auto responded =
      attempt([&] { return serving->respond(std::move(response), std::move(charge)); });
  if (core_.is_stopped()) release();
  return responded;
}

void AcceptedConnection::hold_pending(std::size_t bytes) {
  if (view_ == View::known) core_.group().gate().hold(channel_, bytes);
}

void AcceptedConnection::release_pending(std::size_t bytes) {
  if (view_ == View::known) core_.group().gate().release(channel_, bytes);
}

ConnectionState AcceptedConnection::state() const {
  if (told_closed_ || !channel_.is_open()) return ConnectionState::closed;
  if (!is_websocket_) return ConnectionState::connecting;
  return websocket().is_open() ? ConnectionState::open : ConnectionState::closing;
}

ConnectionInfo AcceptedConnection::info() const {
  ConnectionInfo info;
  info.remote_address = channel_.address().to_string();
  info.request = head_;
  if (subprotocol_ > 0) info.subprotocol = core_.options().subprotocols[subprotocol_ - 1];
  info.queued_bytes = queued_bytes();
  info.round_trip_time = round_trip_time();
  info.state = state();
  if (!told_closed_) return info;
  const Ending& ending = ending_ ? *ending_ : lack_of_memory();
  if (is_websocket_) info.close_code = ending.code;
  info.close_reason = ending.reason;
  info.clean = ending.clean;
  info.error = ending.error;
  return info;
}

std::optional<Seconds> AcceptedConnection::round_trip_time() const {
  const float seconds = channel_.outlet().round_trip_time();
  if (seconds < 0) return std::nullopt;
  return Seconds{seconds};
}

void AcceptedConnection::on_request(const HttpRequest& request) {
  view_ = View::known;
  if (core_.call("http", core_.handlers().http, *this, request)) return;
  if (HttpServing* const serving = http(); serving && serving->is_answering()) {
    (void)respond(protocol::http::plain_response(500, "The request could not be handled."));
  }
}

void AcceptedConnection::on_upgrade(protocol::Accepted accepted, MutableBytes rest) {
  if (accepted.subprotocol) {
    const auto& ours = core_.http_rules().handshake.subprotocols;
    subprotocol_ = static_cast<std::uint32_t>(accepted.subprotocol - ours.data() + 1);
  }
  protocol::Session session(protocol::Role::server, core_.options().max_message_size,
                            std::move(accepted.extension));
  auto end = std::make_unique<WebSocketEnd>(channel_, static_cast<WebSocketHost&>(*this),
                                            std::move(session));
  channel_.set_speaker(*end);
  speaker_ = std::move(end);
  is_websocket_ = true;
  core_.counters().open_connections.add(1);
  core_.moved_to_open(*this);
  view_ = View::known;
  core_.call("open", core_.handlers().open, *this);
  if (!rest.empty() && channel_.is_open()) websocket().on_data(rest);
}

void AcceptedConnection::on_failed(std::string_view reason) {
  if (told_closed_) return;
  ending_ = make_ending(CloseCode::abnormal_closure, false, {}, reason);
  told_closed_ = true;
  core_.moved_to_ending(*this);
  if (core_.is_stopped()) return;
  view_ = View::known;
  core_.call_last("fail", core_.handlers().fail, *this);
  release();
}

void AcceptedConnection::on_message(std::string_view data, Opcode opcode) {
  if (view_ == View::known) core_.call("message", core_.handlers().message, *this, data, opcode);
}

void AcceptedConnection::on_closed(EndingPtr ending) {
  if (view_ != View::known) return;  // stopped: nobody asks any more
  ending_ = std::move(ending);
  told_closed_ = true;
  core_.counters().open_connections.subtract(1);
  core_.moved_to_ending(*this);
  core_.call_last("close", core_.handlers().close, *this);
  release();
}

bool AcceptedConnection::make_room(std::size_t bytes) {
  return core_.make_room(bytes);
}

void AcceptedConnection::stop(bool tell) {
  if (is_websocket_ && !told_closed_) {
    (void)attempt([&] {
      websocket().go_away();
      return true;
    });
    ending_ = make_ending(CloseCode::going_away, false, {}, {});
    told_closed_ = true;
    core_.counters().open_connections.subtract(1);
    core_.moved_to_ending(*this);
    if (tell && view_ == View::known) core_.call_last("close", core_.handlers().close, *this);
    return release();
  }
  if (is_websocket_) return channel_.hurry();
  const HttpServing* const serving = http();
  if (channel_.is_open() && serving->is_answering()) {
    return channel_.set_deadline(DeadlineKind::close);
  }
  if (channel_.is_open()) channel_.finish();
  channel_.hurry();
  release();
}

void AcceptedConnection::release() noexcept {
  if (std::exchange(view_, View::forgotten) != View::known) return;
  core_.call_last("release", core_.handlers().release, *this);
  core_.group().gate().end(channel_);
}

void AcceptedConnection::on_channel_closed() noexcept {
  release();
  core_.retire(*this);
}

}  // namespace simws::endpoint
