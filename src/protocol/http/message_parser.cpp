#include "protocol/http/message_parser.h"

#include "protocol/http/refusals.h"
#include "protocol/http/request_rules.h"

#include <algorithm>
#include <utility>

namespace simws::protocol::http {

namespace {

constexpr std::size_t largest_kept_line = 256;
// What a chunk's line may take without counting against its limit: a size and its line end.
constexpr std::size_t plain_chunk_line = 18;

bool is_folded(std::string_view line) {
  return line.starts_with(' ') || line.starts_with('\t');
}

// Of a whole line of a field, which ends and goes on as it may, in so much room; 0: it's none.
std::size_t field_line_size(std::string_view text, std::size_t room) {
  const std::size_t size = text.find('\n') + 1;
  const bool is_whole = size > 2 && size < text.size() && size <= room && text[size - 2] == '\r';
  return is_whole && !is_folded(text) && !is_folded(text.substr(size)) ? size : 0;
}

}  // namespace

ParseStatus MessageParser::parse(Bytes& input) {
  if (state_ == State::head) state_ = after_head_;
  while (!input.empty() && !is_told()) step(input);
  switch (state_) {
    case State::head:
      return ParseStatus::head;
    case State::done:
      return ParseStatus::done;
    case State::failed:
      return ParseStatus::fail;
    default:
      return ParseStatus::need_more;
  }
}

bool MessageParser::is_told() const {
  return state_ == State::head || state_ == State::done || state_ == State::failed;
}

void MessageParser::begin_message(std::size_t header_room) {
  parts_ = {};
  syntax_.reset();
  clear_line();
  state_ = State::before_message;
  room_ = header_room;
  has_head_ = false;
}

void MessageParser::clear_line() {
  line_.clear();
  if (line_.capacity() > largest_kept_line) line_.shrink_to_fit();
}

void MessageParser::step(Bytes& input) {
  switch (state_) {
    case State::before_message:
      if (skip_before_message(input)) state_ = State::start_line;
      return;
    case State::start_line:
      if (take_line(input)) on_start_line();
      return;
    case State::fields:
      return take_fields(input);
    case State::body:
    case State::chunk_data:
      return take_body(input);
    case State::chunk_line:
      if (take_line(input)) on_chunk_line();
      return;
    case State::chunk_end:
      return take_chunk_end(input);
    case State::trailers:
      if (take_line(input)) on_trailer_line();
      return;
    case State::head:
    case State::done:
    case State::failed:
      return;
  }
}

// Moves bytes to `line_` up to a line end; true with it.
bool MessageParser::take_line(Bytes& input) {
  const std::string_view text = as_text(input);
  const std::size_t end = text.find('\n');
  const std::size_t size = end == text.npos ? text.size() : end + 1;
  const std::string_view portion = text.substr(0, std::min(size, room_));
  input = input.subspan(portion.size());
  room_ -= portion.size();
  append_tightly(line_, portion);
  if (state_ == State::start_line) {
    if (auto refusal = judge_start(line_, portion.size())) {
      fail(std::move(*refusal));
      return false;
    }
  }
  if (portion.size() < size) {
    fail_limit();
    return false;
  }
  if (end == text.npos) return false;
  if (line_.ends_with("\r\n")) return true;
  fail(bad_line_end());
  return false;
}

void MessageParser::on_start_line() {
  if (auto refusal = adapt_start(line_)) return fail(std::move(*refusal));
  syntax_ = make_syntax();
  if (!syntax_->put_line(line_)) return fail(malformed_start(line_));
  clear_line();
  state_ = State::fields;
}

// Beast looks one byte ahead for obs-fold, which is refused here: it's shown something else.
void MessageParser::take_fields(Bytes& input) {
  const std::string_view lines = whole_fields(as_text(input));
  if (!lines.empty()) {
    const std::size_t size = put_fields(lines);
    input = input.subspan(size);
    room_ -= size;
    return;
  }
  if (!take_line(input)) return;
  if (is_folded(line_)) return fail(folded_line());
  if (line_ == "\r\n") return on_last_field_line();
  append_tightly(line_, "\r");
  put_fields(line_);
  clear_line();
}

// The lines of fields in front, with the byte behind them, that needn't be copied. Nothing: a line
// has begun before, or needs a closer look.
std::string_view MessageParser::whole_fields(std::string_view text) const {
  if (!line_.empty()) return {};
  std::size_t size = 0;
  while (const std::size_t line = field_line_size(text.substr(size), room_ - size)) size += line;
  return text.substr(0, size == 0 ? 0 : size + 1);
}

// Lines with the byte behind them. Returns their size, up to the first that's wrong.
std::size_t MessageParser::put_fields(std::string_view lines) {
  const std::size_t taken = syntax_->put_fields(lines);
  if (taken + 1 == lines.size()) return taken;
  const std::size_t begin = lines.substr(0, taken).rfind('\n') + 1;
  const std::size_t end = lines.find('\n', taken) + 1;
  fail_syntax(lines.substr(begin, end - begin));
  return end;
}

void MessageParser::on_last_field_line() {
  const bool taken = syntax_->put_line(line_);
  has_head_ = true;
  head_ = parts_.head.finish();
  minor_version_ = parts_.minor_version;
  if (!taken) return fail_syntax(line_);
  clear_line();
  state_ = State::head;
  after_head_ = syntax_->is_done()      ? State::done
                : syntax_->is_chunked() ? State::chunk_line
                                        : State::body;
  if (auto refusal = on_head()) return fail(std::move(*refusal));
  if (state_ == State::head) room_ = max_header_size_;
}

void MessageParser::take_body(Bytes& input) {
  const std::size_t size = state_ == State::body ? input.size()
                                                 : static_cast<std::size_t>(std::min<std::uint64_t>(
                                                       input.size(), syntax_->missing_of_chunk()));
  input = input.subspan(syntax_->put_body(input.first(size)));
  if (state_ == State::chunk_data && syntax_->missing_of_chunk() == 0) state_ = State::chunk_end;
  if (syntax_->is_done()) state_ = State::done;
  on_body();
}

// Beast wants the CR LF after a chunk's data together with the next chunk's line.
void MessageParser::take_chunk_end(Bytes& input) {
  constexpr std::string_view line_end = "\r\n";
  line_ += as_text(input).front();
  input = input.subspan(1);
  if (!line_end.starts_with(line_)) return fail(chunk_too_long());
  if (line_ == line_end) state_ = State::chunk_line;
}

void MessageParser::on_chunk_line() {
  const bool first = !line_.starts_with('\r');
  const std::string_view line = std::string_view(line_).substr(first ? 0 : 2);
  const ChunkLine kind = judge_chunk_line(line);
  if (kind == ChunkLine::malformed) {
    return fail(malformed_line(line_, "a chunk's size in hexadecimal is expected"));
  }
  const bool taken = syntax_->put_line(line_);
  if (kind == ChunkLine::last_chunk && syntax_->needs_more()) {
    trailer_start_ = line_.size();
    state_ = State::trailers;
    return;
  }
  if (!taken) return fail_syntax(line_);
  room_ += std::min(line.size(), plain_chunk_line);
  line_.clear();
  state_ = State::chunk_data;
}

// Beast wants the last chunk's line and all trailer lines together.
void MessageParser::on_trailer_line() {
  const std::string_view line = std::string_view(line_).substr(trailer_start_);
  if (is_folded(line)) return fail(folded_line());
  trailer_start_ = line_.size();
  if (line != "\r\n") return;
  if (!syntax_->put_line(line_) || !syntax_->is_done()) return fail_syntax(line_);
  state_ = State::done;
}

void MessageParser::fail(Refusal refusal) {
  refusal_ = std::move(refusal);
  state_ = State::failed;
}

void MessageParser::fail_limit() {
  fail(over_limit(state_ == State::start_line   ? Section::start_line
                  : state_ == State::chunk_line ? Section::chunk_line
                                                : Section::fields));
}

// Beast or judge_field refused this line.
void MessageParser::fail_syntax(std::string_view line) {
  if (syntax_->refusal()) return fail(*syntax_->refusal());
  if (syntax_->body_is_over_limit()) return fail(over_limit(Section::body));
  fail(malformed_field_line(line, syntax_->error_words()));
}

}  // namespace simws::protocol::http
