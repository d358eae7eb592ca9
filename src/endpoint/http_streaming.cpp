// How HttpServing sends what a service answers later.
#include "endpoint/http_serving.h"

#include <utility>

namespace simws::endpoint {

HttpServing::Later::Later(Channel& channel, BulkWork& of)
    : outlet(channel.shared_outlet()), desk(channel.group().turn_end().bulk_desk()), work(of) {}

HttpServing::Later::~Later() {
  desk.forget(work);
  unreserve(reserved);
}

void HttpServing::Later::unreserve(std::size_t bytes) {
  reserved -= bytes;
  outlet->gauges().connection.unqueue(bytes);
  outlet->gauges().server->own().unqueue(bytes);
}

void HttpServing::begin_later(std::unique_ptr<LaterAnswer> answer) {
  later_ = std::make_unique<Later>(channel_, static_cast<BulkWork&>(*this));
  later_->answer = std::move(answer);
  state_ = State::later;
  later_->answer->start();
  if (state_ == State::later) channel_.set_hold(Channel::Hold::response, true);
}

// The answer under way is destroyed: whoever has called this isn't there any more.
void HttpServing::end_later(State next) {
  later_.reset();
  state_ = next;
}

void HttpServing::answer(HttpResponse response) {
  end_later(State::answering);
  (void)respond(std::move(response));
}

void HttpServing::refuse(std::size_t bytes) {
  end_later(State::answering);
  refuse_answer(bytes);
}

void HttpServing::begin_body(HttpResponse head, std::uint64_t length) {
  if (const auto queued = queue_response(std::move(head), length); !queued) {
    channel_.log(LogLevel::error, "answered with 500: " + queued.error().message);
    queue_failure("The answer could not be sent.");
    end_later(State::answering);
    return finish_response();
  }
  later_->has_begun = true;
  later_->left = head_.method() == "HEAD" ? 0 : length;
  if (later_->is_over()) return finish_body();
  continue_body();
}

// In this turn, or in one of the next, where many have a piece; or when what waits has left.
void HttpServing::continue_body() {
  if (queued_bytes() < Output::low_mark) return later_->desk.add(*this);
  if (!std::exchange(later_->is_source, true)) channel_.output().add_source(*this);
}

bool HttpServing::produce(Output&) {
  if (state_ != State::later) return false;
  later_->is_source = false;
  later_->desk.add(*this);
  return false;
}

std::size_t HttpServing::send_piece() noexcept {
  if (state_ != State::later || !channel_.is_open()) return 0;
  try {
    return append_piece();
  } catch (...) {
    channel_.give_up();
    return 0;
  }
}

// What the end of the body leads to waits until the turn's end.
std::size_t HttpServing::append_piece() {
  Buffer piece = later_->answer->next_piece();
  const std::size_t size = piece.size();
  if (size == 0) return 0;
  later_->left -= size;
  later_->unreserve(size);
  channel_.output().append_raw(std::move(piece));
  channel_.queued();
  if (!channel_.group().ends()) await_reader();
  return size;
}

void HttpServing::await_reader() {
  channel_.set_deadline(DeadlineKind::keep_alive);
  channel_.expect_life(0);
}

void HttpServing::finish_body() {
  end_later(State::answering);
  finish_response();
}

// Where the server stops, its time is over. Otherwise who still reads something may take long.
void HttpServing::judge_reader(DeadlineKind kind) {
  if (kind == DeadlineKind::close) {
    return break_off("reset: a file was not sent as a whole within closeTimeout");
  }
  if (!channel_.shows_life()) {
    return break_off("reset: the peer has read nothing of a file for keepAliveTimeout");
  }
  await_reader();
}

void HttpServing::break_off(std::string_view reason) {
  channel_.log_of_peer(LogLevel::warning, reason);
  end_later(State::done);
  channel_.reset();
}

void HttpServing::give_up() noexcept {
  channel_.give_up();
}

bool HttpServing::reserve(std::size_t bytes) {
  if (!channel_.outlet().has_room_for_answer(bytes)) return false;
  later_->reserved += bytes;
  later_->outlet->gauges().connection.queue(bytes);
  later_->outlet->gauges().server->own().queue(bytes);
  return true;
}

void HttpServing::log(LogLevel level, std::string_view text) {
  channel_.log_of_peer(level, text);
}

}  // namespace simws::endpoint
