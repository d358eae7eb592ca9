#include "endpoint/connection.h"

#include "endpoint/server_core.h"
#include "transport/pieces.h"

#include <array>
#include <utility>

namespace simws::endpoint {

ServerConnection::ServerConnection(ServerCore& core, std::unique_ptr<transport::Stream> stream,
                                   bool refuse_all)
    : core_(core),
      stream_(std::move(stream)),
      http_(std::make_unique<Http>(protocol::http::RequestLimits{core.options().max_header_size,
                                                                 core.options().max_body_size})),
      session_(protocol::Role::server, core.options().max_message_size),
      address_(stream_->remote_address()) {
  http_->refuse_all = refuse_all;
  stream_->set_handler(this);
  set_deadline(DeadlineKind::handshake);
  if (core_.pending().is_closed()) set_hold(Hold::gate, true);
  if (holds_ == 0) stream_->start_reading();
}

ServerConnection::~ServerConnection() {
  core_.deadlines().clear(*this);
}

ConnectionState ServerConnection::state() const {
  if (told_closed_) return ConnectionState::closed;
  switch (phase_) {
    case Phase::http:
      return ConnectionState::connecting;
    case Phase::open:
      return ConnectionState::open;
    case Phase::closing:
      return ConnectionState::closing;
    case Phase::finishing:
    case Phase::retired:
      return ConnectionState::closed;
  }
  return ConnectionState::closed;
}

ConnectionInfo ServerConnection::info() const {
  ConnectionInfo info;
  info.remote_address = address_.to_string();
  info.request = request_;
  info.queued_bytes = queued_bytes();
  info.round_trip_time = round_trip_time();
  info.state = state();
  if (rare_) {
    info.subprotocol = rare_->subprotocol;
    info.close_code = rare_->close_code;
    info.close_reason = rare_->close_reason;
    info.clean = rare_->clean;
    info.error = rare_->error;
  }
  return info;
}

std::optional<Seconds> ServerConnection::round_trip_time() const {
  const float seconds = round_trip_time_.load(std::memory_order_relaxed);
  if (seconds < 0) return std::nullopt;
  return Seconds{seconds};
}

void ServerConnection::hold_pending(std::size_t bytes) {
  if (phase_ != Phase::retired) core_.pending().hold(*this, bytes);
}

void ServerConnection::release_pending(std::size_t bytes) {
  if (phase_ != Phase::retired) core_.pending().release(*this, bytes);
}

void ServerConnection::on_data(MutableBytes data) {
  core_.counters().bytes_in.add(data.size());
  alive_ = true;
  if (phase_ == Phase::http) {
    receive_http(data);
  } else if (phase_ == Phase::open || phase_ == Phase::closing) {
    session_.receive(data, *this);
  }
  if (phase_ != Phase::retired) update_assembly();
}

void ServerConnection::update_assembly() {
  if (phase_ == Phase::http) {
    const bool in_body = http_->parser.has_head();
    const std::size_t body = http_->parser.body_size();
    // What only waits for the peer to read its answers ends by a deadline.
    const std::size_t waiting = http_->awaiting_response ? http_->waiting.size() : 0;
    core_.pending().set_assembly(*this, in_body, body + waiting);
  } else {
    core_.pending().set_assembly(*this, session_.in_message(), session_.assembly_size());
  }
}

void ServerConnection::on_end(bool lost, std::string reason) {
  peer_ended_ = true;
  switch (phase_) {
    case Phase::http:
      end_http(lost, reason);
      break;
    case Phase::open:
    case Phase::closing:
      end_open(CloseCode::abnormal_closure, {}, false,
               lost ? reason : "the peer ended the connection without a Close frame");
      finish();
      break;
    case Phase::finishing:
      check_finished();
      break;
    case Phase::retired:
      return;
  }
  if (lost) retire();
}

void ServerConnection::on_writable() {
  alive_ = true;
  blocked_ = false;
  if (phase_ == Phase::retired) return;
  note_progress();
  write_queue();
}

// An HTTP answer may take long as long as it's read.
void ServerConnection::note_progress() {
  const DeadlineKind kind = deadline_kind();
  if (!http_ || core_.is_stopped()) return;
  if (kind == DeadlineKind::keep_alive || kind == DeadlineKind::close) set_deadline(kind);
}

void ServerConnection::on_deadline(DeadlineKind kind) {
  switch (kind) {
    case DeadlineKind::handshake:
      if (!http_->parser.started()) return retire();
      return refuse(protocol::http::plain_response(408, "The request did not come in time."),
                    "the request was not complete within handshakeTimeout", true);
    case DeadlineKind::keep_alive:
      return finish();
    case DeadlineKind::ping:
      return send_ping();
    case DeadlineKind::pong:
      if (alive_) {
        alive_ = false;
        return set_deadline(DeadlineKind::pong);
      }
      end_open(CloseCode::abnormal_closure, {}, false, "no sign of life within pingTimeout");
      log(LogLevel::warning, "dropped: no sign of life within pingTimeout");
      stream_->reset();
      return retire();
    case DeadlineKind::close:
      if (phase_ == Phase::closing) {
        end_open(CloseCode::abnormal_closure, {}, false,
                 "the closing handshake was not completed within closeTimeout");
      }
      if (queue_ || stream_->pending_bytes() > 0) stream_->reset();
      return retire();
    case DeadlineKind::none:
      return;
  }
}

void ServerConnection::set_hold(Hold reason, bool held) {
  if (phase_ != Phase::http && phase_ != Phase::open) return;
  const std::uint8_t before = holds_;
  const auto bit = static_cast<std::uint8_t>(reason);
  holds_ = static_cast<std::uint8_t>(held ? holds_ | bit : holds_ & ~bit);
  if (before == 0 && holds_ != 0) {
    stream_->stop_reading();
    // A pong or a request can't be seen now: its time begins anew when reading goes on.
    const DeadlineKind kind = deadline_kind();
    if (kind == DeadlineKind::pong || kind == DeadlineKind::handshake) {
      core_.deadlines().clear(*this);
    }
  } else if (before != 0 && holds_ == 0) {
    stream_->start_reading();
    if (phase_ == Phase::open && ping_sent_ != Time{}) set_deadline(DeadlineKind::pong);
    const bool waits_for_request = phase_ == Phase::http && !http_->awaiting_response;
    if (waits_for_request && deadline_kind() == DeadlineKind::none) {
      set_deadline(DeadlineKind::handshake);
    }
  }
}

// Nothing of what comes is kept from now on.
void ServerConnection::drop_holds() {
  if (std::exchange(holds_, 0) != 0) stream_->start_reading();
}

void ServerConnection::stop(bool tell) {
  if (phase_ == Phase::http) {
    set_deadline(DeadlineKind::close);
    if (http_->awaiting_response) return;
    finish();
    return release();
  }
  if (phase_ != Phase::open && phase_ != Phase::closing) return;
  if (phase_ == Phase::open) start_closing_handshake(CloseCode::going_away, {});
  rare().close_code = CloseCode::going_away;
  told_closed_ = true;
  core_.counters().open_connections.subtract(1);
  core_.moved_to_ending(*this);
  if (tell && announced_) core_.call("close", core_.handlers().close, *this);
  release();
}

void ServerConnection::begin_flush() {
  dirty_ = false;
  if (phase_ == Phase::retired) return;
  if (abandoned_ && announced_) {
    const Rare why = rare();
    end_open(*why.close_code, why.close_reason, false, why.close_reason);
    finish();
  }
  if (phase_ == Phase::http && may_handle_request() && !http_->waiting.empty()) {
    receive_waiting();
    if (phase_ == Phase::retired) return;
  }
  queue_due_pong();
}

std::optional<transport::Write> ServerConnection::make_write() {
  if (phase_ == Phase::retired || blocked_ || !queue_ || queue_->empty()) return std::nullopt;
  std::array<Bytes, 2> pieces;
  if (queue_->gather(pieces) != 1) return std::nullopt;
  return transport::Write{stream_.get(), pieces.front(), 0};
}

void ServerConnection::note_written(std::size_t offered, std::size_t taken) {
  core_.counters().bytes_out.add(taken);
  queue_->consume(taken);
  blocked_ = taken < offered;
}

void ServerConnection::end_flush() {
  if (phase_ != Phase::retired) write_queue();
}

void ServerConnection::queue_due_pong() {
  if (!rare_ || !rare_->pong_due || blocked_ || close_sent_) return;
  rare_->pong_due = false;
  queue().append_frame(protocol::FrameOpcode::pong, true, as_bytes(rare_->pong));
}

void ServerConnection::write_queue() {
  queue_due_pong();
  while (queue_ && !queue_->empty() && !blocked_) {
    std::array<Bytes, transport::Pieces::max_batch> pieces;
    const std::size_t count = queue_->gather(pieces);
    std::size_t offered = 0;
    for (std::size_t i = 0; i < count; ++i) offered += pieces[i].size();
    note_written(offered, stream_->write(std::span(pieces).first(count)));
  }
  if (queue_ && queue_->empty()) core_.give_back(std::move(queue_));
  publish_queued_bytes();
  if (phase_ == Phase::http && !queue_) {
    set_hold(Hold::answers, false);
    if (may_handle_request() && !http_->waiting.empty()) queued_something();
  }
  check_finished();
}

OutputQueue& ServerConnection::queue() {
  if (!queue_) queue_ = core_.take_queue();
  return *queue_;
}

void ServerConnection::queued_something() {
  publish_queued_bytes();
  if (dirty_) return;
  dirty_ = true;
  core_.flush_at_end_of_turn(*this);
}

void ServerConnection::publish_queued_bytes() {
  const std::size_t now = queue_ ? queue_->size() : 0;
  const std::size_t before = queued_bytes();
  if (now == before) return;
  queued_.store(now, std::memory_order_relaxed);
  core_.counters().queued_bytes.add(now - before);  // modulo 2^64 when it shrinks
}

void ServerConnection::set_deadline(DeadlineKind kind) {
  core_.deadlines().set(*this, kind);
}

ServerConnection::Rare& ServerConnection::rare() {
  if (!rare_) rare_ = std::make_unique<Rare>();
  return *rare_;
}

void ServerConnection::tell_fail(std::string_view error) {
  rare().error = error;
  if (core_.is_stopped()) return;
  announced_ = true;
  core_.call("fail", core_.handlers().fail, *this);
  release();
}

void ServerConnection::release() {
  if (!announced_) return;
  announced_ = false;
  core_.call("release", core_.handlers().release, *this);
  core_.pending().end(*this);
}

// What is queued leaves, then our end of the connection; the peer's end, or the deadline, is
// awaited while what still comes is read over: closing at once could reset the connection and lose
// our last bytes on the way.
void ServerConnection::finish() {
  if (phase_ == Phase::finishing || phase_ == Phase::retired) return;
  phase_ = Phase::finishing;
  session_.stop();
  core_.pending().set_assembly(*this, false, 0);
  core_.moved_to_ending(*this);
  if (deadline_kind() != DeadlineKind::close) set_deadline(DeadlineKind::close);
  drop_holds();
  queued_something();
}

void ServerConnection::check_finished() {
  if (phase_ != Phase::finishing || queue_) return;
  if (!write_finished_) {
    write_finished_ = true;
    stream_->finish_writing();
  }
  if (peer_ended_ && stream_->pending_bytes() == 0) retire();
}

void ServerConnection::retire() {
  if (phase_ == Phase::retired) return;
  release();
  phase_ = Phase::retired;
  session_.stop();
  stream_->close();
  core_.deadlines().clear(*this);
  core_.pending().set_assembly(*this, false, 0);
  if (queue_) {
    core_.counters().dropped.add(queue_->drop_unbegun());
    queue_.reset();
    publish_queued_bytes();
  }
  core_.retire(*this);
}

void ServerConnection::log(LogLevel level, std::string_view text) const {
  core_.log(level, address_.to_string() + ": " + std::string(text));
}

}  // namespace simws::endpoint
