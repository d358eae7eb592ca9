#include "endpoint/accepted_connection.h"

#include "endpoint/connection_topics.h"
#include "endpoint/server_core.h"
#include "protocol/http/response.h"

#include <string>
#include <utility>

namespace simws::endpoint {

AcceptedConnection::AcceptedConnection(ServerCore& core, std::unique_ptr<transport::Stream> stream,
                                       Admission admission)
    : core_(core),
      channel_(core.group(), *this, std::move(stream)),
      is_refused_(admission != Admission::admitted) {
  speaker_ = std::make_unique<HttpServing>(channel_, static_cast<HttpHost&>(*this),
                                           core.http_rules(), admission);
  channel_.set_speaker(*speaker_);
  channel_.start_reading();
}

HttpServing* AcceptedConnection::http() const {
  return is_websocket_ ? nullptr : static_cast<HttpServing*>(speaker_.get());
}

ChannelGroup& AcceptedConnection::group() const {
  return core_.group();
}

CommonHandlers AcceptedConnection::handlers() const {
  return CommonHandlers(inspects() ? core_.no_handlers() : core_.handlers());
}

void AcceptedConnection::on_head(const RequestHead& head) {
  head_ = head;
  channel_.set_inspects(core_.is_for_inspector(head));
}

void AcceptedConnection::before_open(WebSocketEnd& end) {
  if (inspects()) {
    make_topics(end, true);
    return;
  }
  if (subprotocol_ == 0 || core_.options().topics.empty()) return;
  const auto& subprotocols = core_.http_rules().handshake.subprotocols;
  if (subprotocols[subprotocol_ - 1] == protocol::topics_subprotocol) make_topics(end, true);
}

void AcceptedConnection::note_open() noexcept {
  core_.moved_to_open(*this);
  if (Recording* const recording = core_.active_recording()) {
    recording->opened(*this, channel_);
  }
}

void AcceptedConnection::note_end() noexcept {
  core_.moved_to_ending(*this);
  Recording* const recording = is_websocket_ ? core_.active_recording() : nullptr;
  if (!recording) return;
  const Ending& ending = ending_ ? *ending_ : lack_of_memory();
  recording->closed(*this, ending.code, ending.reason);
}

Result<bool> AcceptedConnection::send(std::string_view data, Opcode opcode, SendOptions options) {
  auto sent = WebSocketConnection::send(data, opcode, options);
  Recording* const recording = core_.active_recording();
  if (recording && sent && *sent) recording->sent(*this, data, opcode, options.fin);
  return sent;
}

// What is shared is recorded once, by who shares it.
void AcceptedConnection::deliver(protocol::OutgoingMessage& message) noexcept {
  Recording* const recording = core_.active_recording();
  if (recording && !message.shared && is_websocket_ && websocket().is_open()) {
    const protocol::MessageView view = message.view();
    recording->sent(*this, as_text(view.payload()), static_cast<Opcode>(view.opcode()),
                    view.ends_message());
  }
  WebSocketConnection::deliver(message);
}

void AcceptedConnection::on_message(std::string_view data, Opcode opcode) {
  if (Recording* const recording = core_.active_recording()) {
    recording->received(*this, {}, data, opcode);
  }
  WebSocketConnection::on_message(data, opcode);
}

void AcceptedConnection::retire() noexcept {
  core_.retire(*this);
}

bool AcceptedConnection::make_room(std::size_t bytes) {
  return core_.make_room(bytes);
}

bool AcceptedConnection::send_shared(const protocol::SharedMessagePtr& message,
                                     bool may_compress) noexcept {
  if (!is_websocket_) return false;
  const auto sent =
      attempt([&]() -> Result<bool> { return websocket().send_shared(message, may_compress); });
  return sent && *sent;
}

ConnectionTopics& AcceptedConnection::make_topics(WebSocketEnd& end, bool has_envelopes) {
  Topics& of = inspects() ? core_.inspector()->topics() : core_.topics();
  auto made = std::make_unique<ConnectionTopics>(of, channel_, end, *this, has_envelopes);
  ConnectionTopics& topics = *made;
  end.set_topics(std::move(made));
  return topics;
}

bool AcceptedConnection::subscribe(std::string_view topic,
                                   const SubscriptionOptions& options) noexcept {
  if (!is_websocket_ || !websocket().is_open()) return false;
  const auto subscribed = attempt([&]() -> Result<bool> {
    EndTopics* const topics = websocket().topics();
    ConnectionTopics& ours =
        topics ? static_cast<ConnectionTopics&>(*topics) : make_topics(websocket(), false);
    ours.subscribe(std::string(topic), options, protocol::Subscriber::script);
    return true;
  });
  return subscribed && *subscribed;
}

void AcceptedConnection::tell_staleness() noexcept {
  if (!is_websocket_) return;
  (void)attempt([&] {
    EndTopics* const topics = websocket().topics();
    if (topics) static_cast<ConnectionTopics&>(*topics).tell_staleness();
    return true;
  });
}

bool AcceptedConnection::unsubscribe(std::string_view topic) noexcept {
  if (!is_websocket_ || !websocket().is_open()) return false;
  EndTopics* const topics = websocket().topics();
  if (topics) static_cast<ConnectionTopics&>(*topics).unsubscribe(topic);
  return true;
}

Result<bool> AcceptedConnection::send_aside(std::string_view data, Opcode opcode) noexcept {
  return attempt([&]() -> Result<bool> {
    const auto& budget = group().output_budget();
    auto checked = protocol::check_whole_message(data, opcode, budget->max_queued_bytes());
    if (!checked) return std::move(checked).error();
    if (!is_websocket_ || !websocket().is_open()) return false;
    if (!websocket().takes_publications()) {
      return Error{ErrorCode::unavailable, "a fragmented message is under way to it"};
    }
    if (queued_bytes() + data.size() > budget->max_queued_bytes() ||
        !budget->has_room_for(data.size())) {
      return Error{ErrorCode::unavailable, "too much waits to be sent to it already"};
    }
    const auto message = protocol::make_shared_message(budget, data, opcode);
    channel_.count_sent();
    channel_.note_message(false, opcode, as_bytes(data));
    const bool has_envelopes = websocket().topics() && websocket().topics()->has_envelopes();
    websocket().send_publication(has_envelopes ? protocol::enveloped(*message) : message, true);
    return true;
  });
}

void AcceptedConnection::on_sent(std::string_view data, Opcode opcode) {
  if (!inspects()) on_message(data, opcode);
}

void AcceptedConnection::on_published(std::string_view topic, std::string_view data,
                                      Opcode opcode) {
  if (inspects()) return core_.inspector()->act(topic, data, opcode);
  if (view_ != View::known) return;
  if (Recording* const recording = core_.active_recording()) {
    recording->received(*this, topic, data, opcode);
  }
  group().call("publication", core_.handlers().publication, *this, topic, data, opcode);
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
  const protocol::OutputBudget& budget = *group().output_budget();
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

template <typename... Charge>
Result<bool> AcceptedConnection::answer(HttpResponse response, Charge... charge) {
  HttpServing* const serving = http();
  if (!serving) return false;
  auto responded =
      attempt([&] { return serving->respond(std::move(response), std::move(charge)...); });
  if (core_.is_stopped()) release();
  return responded;
}

Result<bool> AcceptedConnection::respond(HttpResponse response) {
  return answer(std::move(response));
}

Result<bool> AcceptedConnection::respond(HttpResponse response, protocol::Charge charge) {
  return answer(std::move(response), std::move(charge));
}

void AcceptedConnection::respond_by_default(HttpResponse response) noexcept {
  HttpServing* const serving = http();
  if (!serving) return;
  (void)attempt([&] {
    serving->respond_by_default(std::move(response));
    return true;
  });
  if (core_.is_stopped()) release();
}

Result<bool> AcceptedConnection::admit(HeaderList headers) {
  HttpServing* const serving = http();
  if (!serving) return false;
  return attempt([&] { return serving->admit(headers); });
}

ConnectionInfo AcceptedConnection::info() const {
  ConnectionInfo info = WebSocketConnection::info();
  info.request = head_;
  info.subprotocol = subprotocol();
  return info;
}

std::string_view AcceptedConnection::subprotocol() const {
  if (subprotocol_ == 0) return {};
  return core_.http_rules().handshake.subprotocols[subprotocol_ - 1];
}

void AcceptedConnection::on_request(const HttpRequest& request) {
  view_ = View::known;
  if (group().call("http", core_.handlers().http, *this, request)) return;
  if (HttpServing* const serving = http(); serving && serving->is_answering()) {
    (void)respond(protocol::http::plain_response(500, "The request could not be handled."));
  }
}

Admission AcceptedConnection::on_client(const transport::Address& client, bool is_attempt) {
  return core_.admit_client(*this, client, is_attempt);
}

bool AcceptedConnection::decides_attempts() const {
  return static_cast<bool>(core_.handlers().upgrade);
}

void AcceptedConnection::on_attempt(const HttpRequest& request) {
  view_ = View::known;
  if (group().call("upgrade", core_.handlers().upgrade, *this, request)) return;
  (void)respond(protocol::http::plain_response(500, "The request could not be handled."));
}

void AcceptedConnection::on_upgrade(protocol::Accepted accepted, MutableBytes rest) {
  if (accepted.subprotocol && !inspects()) {
    const auto& ours = core_.http_rules().handshake.subprotocols;
    subprotocol_ = static_cast<std::uint32_t>(accepted.subprotocol - ours.data() + 1);
  }
  const ServerOptions& options = core_.options();
  open({protocol::Role::server, options.max_message_size, nullptr, accepted.deflate,
        &options.compression},
       rest);
}

void AcceptedConnection::stop(bool tell) {
  if (is_websocket_) return leave(CloseCode::going_away, tell);
  HttpServing* const serving = http();
  if (channel_.is_open() && serving->is_answering()) {
    return channel_.set_deadline(DeadlineKind::close);
  }
  if (channel_.is_open() && serving->is_answering_later()) {
    channel_.set_deadline(DeadlineKind::close);
    return release();
  }
  (void)attempt([&] {
    if (channel_.is_open() && serving->is_undecided()) serving->leave_undecided();
    return true;
  });
  if (channel_.is_open()) channel_.finish();
  channel_.hurry();
  release();
}

}  // namespace simws::endpoint
