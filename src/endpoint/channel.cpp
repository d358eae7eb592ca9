#include "endpoint/channel.h"

#include "base/log.h"
#include "transport/pieces.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace simws::endpoint {

namespace {

constexpr std::string_view out_of_memory = "out of memory";

// What a handler throws is caught where it's called: this is memory, or a limit of the library.
std::string_view words_of_failure() {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return out_of_memory;
  } catch (...) {
    return "internal error";
  }
}

}  // namespace

Channel::Channel(ChannelGroup& group, ChannelOwner& owner,
                 std::unique_ptr<transport::Stream> stream)
    : group_(group),
      owner_(owner),
      stream_(std::move(stream)),
      outlet_(std::make_shared<protocol::Outlet>(group.output_budget())) {
  stream_->set_handler(this);
}

Channel::~Channel() {
  clear_deadline();
}

void Channel::start_reading() {
  if (holds_ == 0) stream_->start_reading();
}

template <typename Work>
void Channel::guard(Work&& work) noexcept {
  try {
    work();
  } catch (...) {
    fail(words_of_failure());
  }
}

// As short as it can be: there may be no memory.
void Channel::fail(std::string_view reason) noexcept {
  if (state_ == State::closed) return;
  drop_output();
  log(LogLevel::error, reason);
  lose(reason);
}

void Channel::lose(std::string_view reason) noexcept {
  drop_output();
  if (state_ == State::open && !tell_loss(reason) && !tell_loss(out_of_memory)) {
    log(LogLevel::error, "the end of a connection could not be told: out of memory");
  }
  reset();
}

// A short reason needs no memory to be told.
bool Channel::tell_loss(std::string_view reason) noexcept {
  try {
    speaker_->on_peer_end(true, reason);
    return true;
  } catch (...) {
    return false;
  }
}

void Channel::on_data(MutableBytes data) {
  counters().bytes_in.add(data.size());
  heard_ = true;
  if (state_ != State::open) return;
  const Lending::Turn turn(group_.lending(), *this, data);
  guard([&] {
    speaker_->on_data(data);
    note_unfinished();
    if (group_.lending().has_lent(*this) || has_much_to_send()) write_what_is_taken();
  });
  if (auto* const counter = outlet_->counted()) counter->bytes_in.add(data.size());
}

// It's still in the processor's caches, and would not be at the end of the turn.
bool Channel::has_much_to_send() const {
  return output_ && output_->size() >= Output::low_mark;
}

// Where little is left of what may be held, no more is read at once than has to be.
std::size_t Channel::most_at_once() const {
  const bool is_much = state_ == State::open && speaker_->reads_large_messages();
  return is_much && group_.gate().may_read_at_once(much_at_once) ? much_at_once : usual_at_once;
}

void Channel::note_unfinished() {
  if (state_ != State::open) return;
  const Unfinished unfinished = speaker_->unfinished();
  group_.gate().set_unfinished(*this, unfinished.in_message, unfinished.bytes);
}

void Channel::on_end(bool lost, std::string reason) {
  peer_ended_ = true;
  guard([&] {
    if (state_ == State::open) {
      speaker_->on_peer_end(lost, reason);
    } else {
      check_left();
    }
  });
  if (lost) close();
}

void Channel::on_writable() {
  heard_ = true;
  blocked_ = false;
  guard([&] {
    if (state_ == State::open) speaker_->on_progress();
    if (is_read_at_leisure()) set_deadline(DeadlineKind::keep_alive);
    if (state_ != State::closed) write_output();
  });
}

void Channel::on_deadline(DeadlineKind kind) {
  if (kind == DeadlineKind::linger) return close();
  if (state_ != State::open) return output_ ? reset() : close();
  guard([&] { speaker_->on_deadline(kind); });
}

void Channel::give_up_message() {
  guard([&] {
    if (state_ == State::open) speaker_->give_up_message();
    note_unfinished();
  });
}

bool Channel::has_sent(std::size_t bytes) const {
  const std::size_t readable = stream_->readable_bytes();
  if (readable >= bytes) return true;
  return state_ == State::open && readable >= speaker_->unfinished().missing;
}

void Channel::set_hold(Hold reason, bool held) {
  if (state_ != State::open || reads_over_) return;
  const std::uint8_t before = holds_;
  const auto bit = static_cast<std::uint8_t>(reason);
  holds_ = static_cast<std::uint8_t>(held ? holds_ | bit : holds_ & ~bit);
  if ((before == 0) == (holds_ == 0)) return;
  if (holds_ != 0) {
    stream_->stop_reading();
  } else {
    stream_->start_reading();
  }
  speaker_->on_reading(holds_ == 0);
}

void Channel::drop_holds() {
  reads_over_ = true;
  if (std::exchange(holds_, 0) != 0) stream_->start_reading();
}

void Channel::expect_life(std::size_t own) {
  heard_ = false;
  acknowledged_ = stream_->acknowledged_bytes().value_or(0) + own;
}

bool Channel::shows_life() const {
  return heard_ || stream_->acknowledged_bytes().value_or(0) > acknowledged_;
}

Output& Channel::output() {
  if (!output_) {
    output_ = group_.outputs().take();
    output_->count_in(outlet_->gauges());
  }
  return *output_;
}

void Channel::send_large(const protocol::FrameHeader& header, Bytes payload) {
  Output& output = this->output();
  const bool is_next = output.empty();
  Output::Borrowed borrowed(output, payload.size());
  borrowed.append(header, payload);
  queued();
  if (is_next) write_what_is_taken();
}

bool Channel::send_lent(const protocol::FrameHeader& header, Bytes payload) {
  if (blocked_ || !group_.lending().can_lend(*this, payload)) return false;
  group_.lending().lend(output(), header, payload);
  queued();
  return true;
}

void Channel::keep_unsent_short() {
  stream_->limit_unsent(Output::low_mark);
}

void Channel::count_dropped(std::size_t messages) {
  if (messages == 0) return;
  counters().dropped.add(messages);
  if (auto* const counter = outlet_->count()) counter->dropped.add(messages);
}

void Channel::drop_unbegun() {
  if (!output_) return;
  count_dropped(output_->drop_unbegun());
  if (blocked_) note_waits();
}

void Channel::drop_output() noexcept {
  if (!output_) return;
  try {
    drop_unbegun();
  } catch (...) {
    // They are dropped all the same, and not counted.
  }
  group_.lending().end_for(*this);
  output_.reset();
  if (auto* const counter = outlet_->counted()) counter->set_waiting_since({});
}

void Channel::begin_flush() noexcept {
  if (given_up_) fail(out_of_memory);
  if (cut_off_) lose("over maxTotalQueuedBytes, and the peer reads too slowly");
  if (state_ != State::open) return;
  guard([&] {
    speaker_->on_turn_end();
    note_unfinished();
    if (output_ && !blocked_) output_->ask_sources();
  });
}

Bytes Channel::single_piece() const {
  if (state_ == State::closed || blocked_ || !output_ || output_->empty()) return {};
  std::array<Bytes, 2> pieces;
  return output_->gather(pieces) == 1 ? pieces.front() : Bytes();
}

void Channel::note_written(std::size_t offered, std::size_t taken) {
  counters().bytes_out.add(taken);
  if (auto* const counter = outlet_->counted()) counter->bytes_out.add(taken);
  output_->consume(taken);
  blocked_ = taken < offered;
  if (!output_->waits().empty()) note_waits();
}

// What the system hasn't taken waits, and what follows it too.
void Channel::note_waits() {
  const Time now = loop().now();
  ServerFigures* const figures = server_figures();
  output_->waits().pass(output_->gone(), [&](Time since) {
    if (figures) figures->queue_wait.observe(now - since);
  });
  if (blocked_ && !output_->empty()) output_->waits().add(output_->gone() + output_->size(), now);
  if (auto* const counter = outlet_->count()) counter->set_waiting_since(output_->waits().oldest());
}

void Channel::end_flush() noexcept {
  guard([&] {
    if (state_ != State::closed) write_output();
  });
}

// False: there are none.
bool Channel::write_pieces() {
  std::array<Bytes, transport::Pieces::max_batch> pieces;
  const std::size_t count = output_->gather(pieces);
  if (count == 0) return false;
  std::size_t offered = 0;
  for (std::size_t i = 0; i < count; ++i) offered += pieces[i].size();
  note_written(offered, stream_->write(std::span(pieces).first(count)));
  return true;
}

void Channel::write_what_is_taken() {
  while (!blocked_ && output_ && !output_->empty() && write_pieces()) {
  }
}

void Channel::write_output() {
  while (output_ && !blocked_) {
    output_->ask_sources();
    if (output_->empty()) break;
    if (!write_pieces()) break;  // all that is left waits to be compressed
  }
  if (blocked_ && output_) note_waits();
  if (output_ && output_->empty() && !output_->has_sources())
    group_.outputs().give_back(std::move(output_));
  if (state_ == State::open && !output_) speaker_->on_all_taken();
  check_left();
}

void Channel::finish(Leaving leaving) {
  if (state_ != State::open) return;
  state_ = State::leaving;
  outlet_->close();
  group_.gate().set_unfinished(*this, false, 0);
  if (leaving == Leaving::at_leisure && output_ && !group_.ends()) {
    set_deadline(DeadlineKind::keep_alive);
  } else if (deadline() != DeadlineKind::close) {
    set_deadline(DeadlineKind::close);
  }
  drop_holds();
  queued();
}

bool Channel::is_read_at_leisure() const {
  return state_ == State::leaving && deadline() == DeadlineKind::keep_alive;
}

void Channel::check_left() {
  if (state_ == State::leaving && !output_ && stream_->pending_bytes() == 0) linger();
  if (state_ == State::lingering && peer_ended_ && stream_->pending_bytes() == 0) close();
}

void Channel::linger() {
  if (is_read_at_leisure()) set_deadline(DeadlineKind::close);
  state_ = State::lingering;
  stream_->finish_writing();
  hurry();
}

void Channel::hurry() {
  if (!group_.ends()) return;
  if (is_read_at_leisure()) set_deadline(DeadlineKind::close);
  if (state_ == State::lingering) set_deadline(DeadlineKind::linger);
}

void Channel::close() noexcept {
  if (state_ == State::closed) return;
  leave_stream();
  stream_->close();
  owner_.on_channel_closed();
}

std::unique_ptr<transport::Stream> Channel::take_stream() noexcept {
  leave_stream();
  stream_->stop_reading();
  return std::move(stream_);
}

void Channel::leave_stream() noexcept {
  state_ = State::closed;
  outlet_->close();
  clear_deadline();
  group_.gate().set_unfinished(*this, false, 0);
  drop_output();
}

void Channel::reset() noexcept {
  if (state_ == State::closed) return;
  stream_->reset();
  close();
}

void Channel::give_up() noexcept {
  given_up_ = true;
  queued();
}

void Channel::cut_off() noexcept {
  drop_output();
  cut_off_ = true;
  queued();
}

std::string Channel::client_name() const {
  const transport::Address address = client();
  return address.port == 0 ? address.ip_to_string() : address.to_string();
}

void Channel::log(LogLevel level, std::string_view text) const noexcept {
  try {
    group_.log(level, client_name() + ": " + std::string(text));
  } catch (...) {
    group_.log(level, text);
  }
}

void Channel::log_of_peer(LogLevel level, std::string_view text) const noexcept {
  try {
    group_.log_of_peer(level, client_name() + ": " + std::string(text));
  } catch (...) {
    // There's no memory for a line.
  }
}

}  // namespace simws::endpoint
