#include "endpoint/websocket_connection.h"

#include <utility>

namespace simws::endpoint {

Result<bool> WebSocketConnection::send(std::string_view data, Opcode opcode, SendOptions options) {
  if (!is_websocket_) return false;
  return attempt([&] { return websocket().send(data, opcode, options); });
}

void WebSocketConnection::deliver(protocol::OutgoingMessage& message) noexcept {
  (void)attempt([&] {
    if (is_websocket_) websocket().deliver(message);
    return true;
  });
}

void WebSocketConnection::overflow(protocol::Verdict verdict) noexcept {
  (void)attempt([&] {
    if (is_websocket_) websocket().refuse(verdict);
    return true;
  });
}

Buffer* WebSocketConnection::message_memory() noexcept {
  return is_websocket_ ? websocket().told_memory() : nullptr;
}

Result<bool> WebSocketConnection::close_by(Closing closing, CloseCode code,
                                           std::string_view reason) noexcept {
  return attempt([&]() -> Result<bool> {
    if (auto checked = protocol::check_close(code, reason); !checked) return checked.error();
    if (!is_websocket_) return false;
    auto closed = (websocket().*closing)(code, reason);
    if (closed && *closed) is_closed_by_application_ = true;
    return closed;
  });
}

Result<bool> WebSocketConnection::close(CloseCode code, std::string_view reason) {
  return close_by(&WebSocketEnd::close, code, reason);
}

Result<bool> WebSocketConnection::close_now(CloseCode code, std::string_view reason) {
  return close_by(&WebSocketEnd::close_now, code, reason);
}

void WebSocketConnection::hold_pending(std::size_t bytes) {
  Channel* const wire = channel();
  if (wire && view_ == View::known) group().gate().hold(*wire, bytes);
}

void WebSocketConnection::release_pending(std::size_t bytes) {
  Channel* const wire = channel();
  if (wire && view_ == View::known) group().gate().release(*wire, bytes);
}

ConnectionState WebSocketConnection::state() const {
  const Channel* const wire = channel();
  if (told_closed_ || (wire && !wire->is_open())) return ConnectionState::closed;
  if (!is_websocket_) return ConnectionState::connecting;
  return websocket().is_open() ? ConnectionState::open : ConnectionState::closing;
}

ConnectionInfo WebSocketConnection::info() const {
  ConnectionInfo info;
  static_cast<Traffic&>(info) = outlet()->traffic(group().loop().now());
  if (const Channel* const wire = channel()) {
    info.remote_address = wire->client_name();
  }
  info.tls = tls();
  info.queued_bytes = queued_bytes();
  info.round_trip_time = round_trip_time();
  info.state = state();
  info.compression = is_websocket_ && websocket().has_compression();
  if (!told_closed_) return info;
  const Ending& ending = ending_ ? *ending_ : lack_of_memory();
  if (is_websocket_) info.close_code = ending.code;
  info.close_reason = ending.reason;
  info.clean = ending.clean;
  info.error = ending.error;
  return info;
}

std::shared_ptr<const ConnectionTls> WebSocketConnection::tls() const {
  const Channel* const wire = channel();
  auto tls = wire ? wire->tls() : std::nullopt;
  if (!tls) return nullptr;
  return std::make_shared<const ConnectionTls>(
      ConnectionTls{std::move(tls->version), std::move(tls->cipher), std::move(tls->peer_subject),
                    std::move(tls->peer_names)});
}

std::optional<Seconds> WebSocketConnection::round_trip_time() const {
  const float seconds = outlet()->round_trip_time();
  if (seconds < 0) return std::nullopt;
  return Seconds{seconds};
}

void WebSocketConnection::open(const Terms& terms, MutableBytes rest) {
  Channel& wire = *channel();
  protocol::DeflatePool& pool = group().turn_end().deflate_desk().pool();
  protocol::Session session(terms.role, terms.max_message_size,
                            agree(terms.role, terms.deflate, *terms.compression, pool),
                            terms.masking_keys);
  auto end =
      std::make_unique<WebSocketEnd>(wire, static_cast<WebSocketHost&>(*this), std::move(session));
  before_open(*end);
  wire.set_speaker(*end);
  speaker_ = std::move(end);
  is_websocket_ = true;
  wire.counters().open_connections.add(1);
  if (auto* const figures = wire.server_figures()) figures->handshakes.add(1);
  note_open();
  view_ = View::known;
  group().call("open", handlers().open, *this);
  after_open();
  if (!rest.empty() && wire.is_open()) websocket().on_data(rest);
}

void WebSocketConnection::end(EndingPtr ending) noexcept {
  ending_ = std::move(ending);
  told_closed_ = true;
  const Channel* const wire = channel();
  if (is_websocket_) (wire ? wire->counters() : group().counters()).open_connections.subtract(1);
  note_end();
}

void WebSocketConnection::fail(std::string_view reason) {
  if (told_closed_) return;
  end(make_ending(CloseCode::abnormal_closure, false, {}, reason));
  if (group().ends()) return;
  view_ = View::known;
  group().call_last("fail", handlers().fail, *this);
  release();
}

void WebSocketConnection::on_message(std::string_view data, Opcode opcode) {
  if (view_ == View::known) group().call("message", handlers().message, *this, data, opcode);
}

void WebSocketConnection::on_closed(EndingPtr ending) {
  if (view_ != View::known) return;  // stopped: nobody asks any more
  end(std::move(ending));
  group().call_last("close", handlers().close, *this);
  release();
}

void WebSocketConnection::leave(CloseCode code, bool tell) {
  if (told_closed_) return channel()->hurry();
  (void)attempt([&] {
    websocket().leave(code);
    return true;
  });
  end(make_ending(code, false, {}, {}));
  if (tell && view_ == View::known) group().call_last("close", handlers().close, *this);
  release();
}

void WebSocketConnection::release() noexcept {
  if (std::exchange(view_, View::forgotten) != View::known) return;
  group().call_last("release", handlers().release, *this);
  if (Channel* const wire = channel()) group().gate().end(*wire);
}

void WebSocketConnection::on_channel_closed() noexcept {
  release();
  retire();
}

}  // namespace simws::endpoint
