#include "endpoint/websocket_end.h"

#include "protocol/close_payload.h"
#include "protocol/fragments.h"

#include <simws/options.h>

#include <array>
#include <bit>
#include <utility>

namespace simws::endpoint {

using protocol::FrameOpcode;
using protocol::Verdict;

namespace {

// Beyond this a peer that pings without reading is answered once, for its latest ping
// (RFC 6455, 5.5.3).
constexpr std::size_t max_queued_for_pongs = 64u << 10;

std::array<std::byte, 8> ping_payload(Time sent) {
  return std::bit_cast<std::array<std::byte, 8>>(sent.time_since_epoch().count());
}

}  // namespace

WebSocketEnd::WebSocketEnd(Channel& channel, WebSocketHost& host, protocol::Session session)
    : channel_(channel), host_(host), session_(std::move(session)) {
  channel_.outlet().open();
  channel_.clear_deadline();
  channel_.set_deadline(DeadlineKind::ping);
}

Result<bool> WebSocketEnd::send(std::string_view data, Opcode opcode, SendOptions options) {
  const bool fin = options.fin;
  auto verdict = channel_.outlet().admit(data, opcode, fin);
  if (!verdict) return std::move(verdict).error();
  if (*verdict != Verdict::admitted) {
    const std::size_t size = protocol::Message::frame_size(data.size());
    if (!may_try_again(*verdict, size)) return false;
    verdict = channel_.outlet().admit(data, opcode, fin);
    if (!verdict || *verdict != Verdict::admitted) return false;
  }
  if (fin) channel_.count_sent();
  channel_.note_message(false, opcode, as_bytes(data));
  begin_or_go_on(fin);
  const auto frame_opcode = static_cast<FrameOpcode>(opcode);
  if (has_envelopes() && opcode != Opcode::continuation) {
    queue(frame_opcode, fin, as_bytes("\n" + std::string(data)), options.compress);
  } else {
    queue(frame_opcode, fin, as_bytes(data), options.compress);
  }
  return true;
}

void WebSocketEnd::queue(FrameOpcode opcode, bool fin, Bytes payload, bool may_compress) {
  Deflating* const by = deflating();
  if (by && by->take(opcode, fin, payload, may_compress)) return;
  append(opcode, fin, payload);
}

// What topics bring may not come amid a message.
void WebSocketEnd::begin_or_go_on(bool fin) {
  if (std::exchange(is_in_message_, !fin) && fin && topics_) topics_->on_room();
}

bool WebSocketEnd::send_shared(const protocol::SharedMessagePtr& message, bool may_compress) {
  if (!is_open()) return false;
  Verdict verdict = channel_.outlet().admit(*message);
  if (verdict != Verdict::admitted && may_try_again(verdict, protocol::Outlet::reference_cost)) {
    verdict = channel_.outlet().admit(*message);
  }
  if (verdict != Verdict::admitted) return false;
  channel_.count_sent();
  channel_.note_message(false, static_cast<Opcode>(message->view().opcode()),
                        message->view().payload());
  send_publication(has_envelopes() ? protocol::enveloped(*message) : message, may_compress);
  return true;
}

void WebSocketEnd::send_publication(const protocol::SharedMessagePtr& message, bool may_compress) {
  if (Deflating* const by = deflating(); by && by->take(message, may_compress)) return;
  if (session_.sends_plain_frames()) {
    channel_.output().append_shared(*message);
    channel_.queued();
  } else {
    append(message->view().opcode(), true, message->view().payload());
  }
}

void WebSocketEnd::send_line(std::string_view line) {
  queue(FrameOpcode::text, true, as_bytes(line), false);
}

// REQUIRES: nothing waits to be compressed.
void WebSocketEnd::send_ping_behind(Bytes payload) {
  append(FrameOpcode::ping, true, payload);
}

void WebSocketEnd::refuse_message(std::string_view reason) {
  fail_connection(CloseCode::protocol_error, reason);
}

void WebSocketEnd::envelop(protocol::OutgoingMessage& outgoing) const {
  const protocol::MessageView view = outgoing.view();
  if (!has_envelopes() || view.opcode() == FrameOpcode::continuation) return;
  if (outgoing.shared) {
    outgoing.shared = protocol::enveloped(*outgoing.shared);
  } else {
    outgoing.own = protocol::Message("\n" + std::string(as_text(view.payload())),
                                     static_cast<Opcode>(view.opcode()), view.ends_message());
  }
}

// What was not admitted may be now; otherwise this connection ends.
bool WebSocketEnd::may_try_again(Verdict verdict, std::size_t bytes) {
  if (verdict != Verdict::over_max_queued && verdict != Verdict::over_total_queued) return false;
  const bool has_room = verdict == Verdict::over_total_queued && host_.make_room(bytes);
  if (has_room && is_open()) return true;
  refuse(verdict);
  return false;
}

void WebSocketEnd::deliver(protocol::OutgoingMessage& outgoing) {
  const protocol::MessageView message = outgoing.view();
  if (!is_open()) {
    if (message.ends_message()) channel_.count_dropped(1);
    return;
  }
  if (message.ends_message()) channel_.count_sent();
  channel_.note_message(false, static_cast<Opcode>(message.opcode()), message.payload());
  begin_or_go_on(message.ends_message());
  envelop(outgoing);
  if (Deflating* const by = deflating(); by && by->take(outgoing)) return;
  if (session_.sends_plain_frames()) {
    channel_.output().append_message(outgoing);
    return channel_.queued();
  }
  const protocol::MessageView enveloped = outgoing.view();
  append(enveloped.opcode(), enveloped.ends_message(), enveloped.payload());
  outgoing.charge.arrive();
}

void WebSocketEnd::append(FrameOpcode opcode, bool fin, Bytes payload) {
  const protocol::FrameHeader header{.fin = fin, .opcode = opcode};
  if (session_.sends_plain_frames()) {
    if (channel_.send_read(header, payload)) return;
    if (payload.size() > protocol::Fragments::most) return channel_.send_large(header, payload);
  }
  channel_.output().append_encoded(session_, header, payload);
  channel_.queued();
}

std::size_t WebSocketEnd::append_control(FrameOpcode opcode, Bytes payload) {
  Buffer frame;
  session_.encode(frame, opcode, true, payload);
  channel_.output().append_control(frame.text());
  channel_.queued();
  return frame.size();
}

void WebSocketEnd::refuse(Verdict verdict) {
  channel_.count_dropped(1);
  overflow(verdict);
}

void WebSocketEnd::overflow(Verdict verdict) {
  if (!is_open()) return;
  const protocol::OutputBudget& budget = *channel_.outlet().budget();
  const std::string limit =
      verdict == Verdict::over_max_queued
          ? "maxQueuedBytes (" + std::to_string(budget.max_queued_bytes())
          : "maxTotalQueuedBytes (" + std::to_string(budget.max_total_queued_bytes());
  close_as_too_slow("over " + limit + ")");
}

void WebSocketEnd::overflow_topic(std::string_view name) {
  channel_.count_dropped(1);
  close_as_too_slow("over maxQueued of topic '" + std::string(name.substr(0, 40)) + "'");
}

void WebSocketEnd::close_as_too_slow(const std::string& limit) {
  if (!is_open()) return;
  const std::string reason = limit + ": the peer reads too slowly";
  (void)close_now(CloseCode::try_again_later, reason);
  channel_.log_of_peer(LogLevel::warning, "closed with 1013: " + reason);
}

Result<bool> WebSocketEnd::close(CloseCode code, std::string_view reason) {
  if (auto checked = protocol::check_close(code, reason); !checked) {
    return std::move(checked).error();
  }
  if (!is_open()) return false;
  start_closing_handshake(code, reason);
  return true;
}

// The host is told at the end of the turn: a handler is never called inside another call.
Result<bool> WebSocketEnd::close_now(CloseCode code, std::string_view reason) {
  if (is_open()) {
    channel_.drop_unbegun();
    if (topics_) topics_->on_closing(false);
  }
  Result<bool> closed = close(code, reason);
  if (closed && *closed) {
    due().ending = make_ending(code, false, reason, reason);
  }
  return closed;
}

void WebSocketEnd::leave(CloseCode code) {
  if (is_open()) start_closing_handshake(code, {});
}

void WebSocketEnd::start_closing_handshake(CloseCode code, std::string_view reason) {
  if (topics_) topics_->on_closing(true);
  queue_close(code, reason);
  our_code_ = code;
  state_ = State::closing;
  channel_.outlet().close();
  session_.discard_messages();
  channel_.set_deadline(DeadlineKind::close);
  channel_.drop_holds();
  channel_.note_unfinished();
}

void WebSocketEnd::queue_close(CloseCode code, std::string_view reason) {
  if (close_sent_) return;
  close_sent_ = true;
  const std::string payload = protocol::encode_close_payload(code, reason);
  if (Output* const output = channel_.waiting_output()) {
    Buffer frame;
    session_.encode(frame, FrameOpcode::close, true, as_bytes(payload));
    return output->waiting().set_last_frame(std::move(frame));
  }
  append(FrameOpcode::close, true, as_bytes(payload));
}

void WebSocketEnd::give_up_message() {
  constexpr std::string_view reason =
      "the message gained less than 64 KiB within handshakeTimeout while others waited "
      "(maxPendingBytes)";
  const auto closed = close_now(CloseCode::try_again_later, reason);
  if (closed && *closed) {
    channel_.log_of_peer(LogLevel::warning, "closed with 1013: " + std::string(reason));
  }
}

void WebSocketEnd::fail_connection(CloseCode code, std::string_view reason) {
  if (close_sent_) return end(CloseCode::abnormal_closure, false, {}, reason);
  channel_.log_of_peer(LogLevel::warning, "closed with " + std::to_string(static_cast<int>(code)) +
                                              ": " + std::string(reason));
  queue_close(code, reason);
  end(code, false, reason, reason);
}

void WebSocketEnd::end(CloseCode code, bool clean, std::string_view reason,
                       std::string_view error) {
  if (std::exchange(state_, State::ended) == State::ended) return;
  if (topics_) topics_->on_closing(false);
  const auto due = std::exchange(due_, nullptr);
  EndingPtr ending =
      due && due->ending ? std::move(due->ending) : make_ending(code, clean, reason, error);
  session_.stop();
  channel_.outlet().close();
  host_.on_closed(std::move(ending));
  channel_.finish();
}

void WebSocketEnd::on_peer_end(bool lost, std::string_view reason) {
  if (!lost) reason = "the peer ended the connection without a Close frame";
  end(CloseCode::abnormal_closure, false, {}, reason);
}

void WebSocketEnd::on_deadline(DeadlineKind kind) {
  switch (kind) {
    case DeadlineKind::ping:
      return send_ping();
    case DeadlineKind::pong: {
      if (channel_.shows_life()) {
        channel_.expect_life(0);
        return channel_.set_deadline(DeadlineKind::pong);
      }
      constexpr std::string_view reason = "no sign of life within pingTimeout";
      end(CloseCode::abnormal_closure, false, {}, reason);
      channel_.log_of_peer(LogLevel::warning, "dropped: " + std::string(reason));
      return channel_.reset();
    }
    case DeadlineKind::close: {
      const bool waits = channel_.queued_bytes() > 0;
      end(CloseCode::abnormal_closure, false, {},
          "the closing handshake was not completed within closeTimeout");
      return waits ? channel_.reset() : channel_.close();
    }
    default:
      return;
  }
}

// What comes while it closes is read over, and holds up nobody.
Unfinished WebSocketEnd::unfinished() const {
  if (!is_open()) return {};
  return {session_.in_message(), session_.assembly_size(),
          session_.missing_bytes().value_or(Unfinished::unknown)};
}

// A pong can't be seen while nothing is read: its time begins anew when reading goes on.
void WebSocketEnd::on_reading(bool reads) {
  if (!reads && channel_.deadline() == DeadlineKind::pong) channel_.clear_deadline();
  if (reads && is_open() && ping_sent_ != Time{}) channel_.set_deadline(DeadlineKind::pong);
}

void WebSocketEnd::on_turn_end() {
  if (due_ && due_->ending) return end(CloseCode::abnormal_closure, false, {}, {});
  queue_due_pong();
}

void WebSocketEnd::on_progress() {
  queue_due_pong();
  if (topics_) topics_->on_room();
}

void WebSocketEnd::on_message(Opcode opcode, Bytes message) {
  channel_.count_received();
  channel_.group().gate().end_message(channel_);
  if (has_envelopes()) return topics_->on_message(opcode, message);
  channel_.note_message(true, opcode, message);
  host_.on_message(as_text(message), opcode);
}

void WebSocketEnd::on_ping(Bytes payload) {
  if (close_sent_) return;
  if (is_behind()) {
    due().pong = as_text(payload);
    return;
  }
  append_control(FrameOpcode::pong, payload);
}

// What waits for us to compress it says nothing of the peer.
bool WebSocketEnd::is_behind() const {
  if (channel_.is_blocked()) return true;
  return channel_.queued_bytes() > max_queued_for_pongs && !channel_.waiting_output();
}

WebSocketEnd::Due& WebSocketEnd::due() {
  if (!due_) due_ = std::make_unique<Due>();
  return *due_;
}

void WebSocketEnd::queue_due_pong() {
  if (!due_ || !due_->pong || channel_.is_blocked() || close_sent_) return;
  const auto payload = std::exchange(due_->pong, std::nullopt);
  append_control(FrameOpcode::pong, as_bytes(*payload));
}

void WebSocketEnd::on_pong(Bytes payload) {
  if (topics_ && topics_->on_pong(payload)) return;
  if (ping_sent_ == Time{} || as_text(payload) != as_text(ping_payload(ping_sent_))) return;
  const Duration taken = channel_.loop().now() - ping_sent_;
  channel_.outlet().set_round_trip_time(static_cast<float>(Seconds(taken).count()));
  if (auto* const figures = channel_.server_figures()) figures->round_trip.observe(taken);
  ping_sent_ = {};
  if (is_open()) channel_.set_deadline(DeadlineKind::ping);
}

void WebSocketEnd::send_ping() {
  if (channel_.is_held()) return channel_.set_deadline(DeadlineKind::ping);
  ping_sent_ = channel_.loop().now();
  channel_.expect_life(append_control(FrameOpcode::ping, ping_payload(ping_sent_)));
  channel_.set_deadline(DeadlineKind::pong);
}

void WebSocketEnd::on_close(CloseCode code, std::string_view reason) {
  const bool ours_first = close_sent_;
  if (!close_sent_) drop_for_leaving_peer();
  queue_close(code, reason);
  const bool told_nothing = code == CloseCode::no_status_received;
  const CloseCode reported = ours_first && told_nothing ? our_code_ : code;
  end(reported, true, reason, {});
}

// Who takes what waits too slowly gets its Close before that (RFC 6455, 5.5.1): it has left.
void WebSocketEnd::drop_for_leaving_peer() {
  const std::size_t waiting = channel_.queued_bytes();
  if (!channel_.is_blocked() || waiting <= Output::low_mark) return;
  channel_.drop_unbegun();
  channel_.log_of_peer(LogLevel::info, "closed by the peer, with " + std::to_string(waiting) +
                                           " bytes still to be sent: they were dropped");
}

void WebSocketEnd::on_failure(const protocol::Failure& failure) {
  std::string reason(failure.reason);
  if (failure.code == CloseCode::message_too_big) {
    reason += " (" + std::to_string(session_.max_message_size()) + ")";
  }
  fail_connection(failure.code, reason);
}

}  // namespace simws::endpoint
