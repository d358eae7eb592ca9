// A connection after the opening handshake.
#include "endpoint/connection.h"
#include "endpoint/server_core.h"
#include "protocol/close_payload.h"

#include <bit>
#include <cstring>
#include <utility>

namespace simws::endpoint {

namespace {

// Beyond this a peer that pings without reading is answered once, for its latest ping
// (RFC 6455, 5.5.3).
constexpr std::size_t max_queued_for_pongs = 64 * 1024;

std::array<std::byte, 8> ping_payload(Time sent) {
  return std::bit_cast<std::array<std::byte, 8>>(sent.time_since_epoch().count());
}

protocol::FrameOpcode to_frame_opcode(Opcode opcode) {
  return static_cast<protocol::FrameOpcode>(opcode);
}

}  // namespace

void ServerConnection::open(protocol::Accepted accepted) {
  if (!accepted.subprotocol.empty()) rare().subprotocol = std::move(accepted.subprotocol);
  session_ = protocol::Session(protocol::Role::server, core_.options().max_message_size,
                               std::move(accepted.extension));
  queue().append_raw(std::move(accepted.response));
  queued_something();
  http_.reset();
  phase_ = Phase::open;
  core_.counters().open_connections.add(1);
  core_.moved_to_open(*this);
  core_.deadlines().clear(*this);
  set_deadline(DeadlineKind::ping);
  announced_ = true;
  core_.call("open", core_.handlers().open, *this);
}

Result<bool> ServerConnection::send(std::string_view data, Opcode opcode, bool fin) {
  if (phase_ != Phase::open) return false;
  const std::size_t limit = core_.options().max_queued_bytes;
  if (auto checked = send_check_.check(data, opcode, fin, limit); !checked) {
    return std::move(checked).error();
  }
  if (queued_bytes() + data.size() > limit) {
    if (fin) core_.counters().dropped.add(1);
    overflow();
    return false;
  }
  if (fin) core_.counters().messages_out.add(1);
  queue().append_frame(to_frame_opcode(opcode), fin, as_bytes(data));
  queued_something();
  return true;
}

bool ServerConnection::send_shared(const SharedFrame& frame) {
  if (phase_ != Phase::open || send_check_.in_message()) return false;
  if (queued_bytes() + frame->size() >
      core_.options().max_queued_bytes + protocol::max_frame_header_size) {
    core_.counters().dropped.add(1);
    overflow();
    return false;
  }
  core_.counters().messages_out.add(1);
  queue().append_shared(frame);
  queued_something();
  return true;
}

void ServerConnection::overflow() {
  const std::string reason = "over maxQueuedBytes (" +
                             std::to_string(core_.options().max_queued_bytes) +
                             "): the peer reads too slowly";
  log(LogLevel::warning, "closed with 1013: " + reason);
  (void)close_now(CloseCode::try_again_later, reason);
}

Result<bool> ServerConnection::close(CloseCode code, std::string_view reason) {
  if (auto checked = check_close(code, reason); !checked) return std::move(checked).error();
  if (phase_ != Phase::open) return false;
  start_closing_handshake(code, reason);
  return true;
}

// The close event follows at the end of the turn: a handler is never called inside another call.
Result<bool> ServerConnection::close_now(CloseCode code, std::string_view reason) {
  if (phase_ == Phase::open && queue_) {
    core_.counters().dropped.add(queue_->drop_unbegun());
    publish_queued_bytes();
  }
  Result<bool> closed = close(code, reason);
  if (closed && *closed) {
    rare().close_reason = reason;
    abandoned_ = true;
  }
  return closed;
}

void ServerConnection::start_closing_handshake(CloseCode code, std::string_view reason) {
  queue_close(code, reason);
  rare().close_code = code;
  phase_ = Phase::closing;
  session_.discard_messages();
  set_deadline(DeadlineKind::close);
  drop_holds();
}

void ServerConnection::queue_close(CloseCode code, std::string_view reason) {
  if (close_sent_) return;
  close_sent_ = true;
  queue().append_frame(protocol::FrameOpcode::close, true,
                       as_bytes(protocol::encode_close_payload(code, reason)));
  queued_something();
}

void ServerConnection::give_up_message() {
  if (phase_ != Phase::open) return retire();
  constexpr std::string_view reason =
      "the message did not end within pingTimeout while maxPendingBytes held up all others";
  log(LogLevel::warning, "closed with 1013: " + std::string(reason));
  (void)close_now(CloseCode::try_again_later, reason);
  update_assembly();
}

void ServerConnection::fail_connection(CloseCode code, std::string_view reason) {
  if (close_sent_) {
    end_open(CloseCode::abnormal_closure, {}, false, reason);
  } else {
    log(LogLevel::warning,
        "closed with " + std::to_string(static_cast<int>(code)) + ": " + std::string(reason));
    queue_close(code, reason);
    end_open(code, reason, false, reason);
  }
  finish();
}

void ServerConnection::end_open(CloseCode code, std::string_view reason, bool clean,
                                std::string_view error) {
  if (!announced_) return;  // stopped: nobody asks any more
  rare().close_code = code;
  rare().close_reason = reason;
  rare().clean = clean;
  rare().error = error;
  phase_ = Phase::closing;
  told_closed_ = true;
  session_.stop();
  core_.counters().open_connections.subtract(1);
  core_.moved_to_ending(*this);
  core_.call("close", core_.handlers().close, *this);
  release();
}

void ServerConnection::on_message(Opcode opcode, Bytes message) {
  core_.counters().messages_in.add(1);
  core_.pending().end_message(*this);  // one that begins in the same read is younger
  if (announced_) core_.call("message", core_.handlers().message, *this, as_text(message), opcode);
}

void ServerConnection::on_ping(Bytes payload) {
  if (close_sent_) return;
  if (blocked_ || queued_bytes() > max_queued_for_pongs) {
    rare().pong = as_text(payload);
    rare().pong_due = true;
    return;
  }
  queue().append_frame(protocol::FrameOpcode::pong, true, payload);
  queued_something();
}

void ServerConnection::on_pong(Bytes payload) {
  if (ping_sent_ == Time{} || as_text(payload) != as_text(ping_payload(ping_sent_))) return;
  const Seconds taken = core_.loop().now() - ping_sent_;
  round_trip_time_.store(static_cast<float>(taken.count()), std::memory_order_relaxed);
  ping_sent_ = {};
  if (phase_ == Phase::open) set_deadline(DeadlineKind::ping);
}

void ServerConnection::send_ping() {
  if (holds_ != 0) return set_deadline(DeadlineKind::ping);
  ping_sent_ = core_.loop().now();
  alive_ = false;
  queue().append_frame(protocol::FrameOpcode::ping, true, ping_payload(ping_sent_));
  queued_something();
  set_deadline(DeadlineKind::pong);
}

void ServerConnection::on_close(CloseCode code, std::string_view reason) {
  const bool ours_first = close_sent_;
  queue_close(code, {});
  const bool told_nothing = code == CloseCode::no_status_received;
  const CloseCode reported =
      ours_first && told_nothing && rare_ && rare_->close_code ? *rare_->close_code : code;
  end_open(reported, reason, true, {});
  finish();
}

void ServerConnection::on_failure(const protocol::Failure& failure) {
  std::string reason(failure.reason);
  if (failure.code == CloseCode::message_too_big) {
    reason += " (" + std::to_string(core_.options().max_message_size) + ")";
  }
  fail_connection(failure.code, reason);
}

}  // namespace simws::endpoint
