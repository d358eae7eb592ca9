// How HttpServing sends what a service answers later.
#include "endpoint/http_serving.h"

#include <string>
#include <utility>

namespace simws::endpoint {

void HttpServing::Later::unreserve(std::size_t bytes) {
  reserved -= bytes;
  gauges.connection.unqueue(bytes);
  gauges.server->own().unqueue(bytes);
}

void HttpServing::begin_later(std::unique_ptr<LaterAnswer> answer) {
  later_ = std::make_unique<Later>(channel_.outlet().gauges());
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

// The head leaves together with the first piece.
void HttpServing::begin_body(HttpResponse head, std::uint64_t length) {
  if (const auto queued = queue_response(std::move(head), length); !queued) {
    channel_.log(LogLevel::error, "answered with 500: " + queued.error().message);
    queue_failure("The answer could not be sent.");
    end_later(State::answering);
    return finish_response();
  }
  later_->has_begun = true;
  later_->left = head_.method() == "HEAD" ? 0 : length;
  const bool has_more = !later_->is_over() && append_piece(channel_.output());
  if (later_->is_over()) return finish_body();
  if (has_more) continue_body();
}

void HttpServing::continue_body() {
  if (!std::exchange(later_->is_source, true)) channel_.output().add_source(*this);
  channel_.queued();
}

// What the end of the body leads to waits for the turn's: the output is being written.
bool HttpServing::produce(Output& output) {
  if (state_ != State::later) return false;
  later_->is_source = append_piece(output);
  if (later_->is_over()) channel_.queued();
  return later_->is_source;
}

// False: none is there, or it was the last.
bool HttpServing::append_piece(Output& output) {
  std::string piece = later_->answer->next_piece();
  if (piece.empty()) return false;
  later_->left -= piece.size();
  later_->unreserve(piece.size());
  output.append_raw(std::move(piece));
  if (!channel_.group().ends()) await_reader();
  return !later_->is_over();
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
  later_->gauges.connection.queue(bytes);
  later_->gauges.server->own().queue(bytes);
  return true;
}

void HttpServing::log(LogLevel level, std::string_view text) {
  channel_.log_of_peer(level, text);
}

}  // namespace simws::endpoint
