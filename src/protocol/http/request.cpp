#include "protocol/http/request.h"

#include "base/request_head_builder.h"
#include "protocol/http/headers.h"
#include "protocol/http/refusals.h"
#include "protocol/http/request_rules.h"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace simws::protocol::http {

namespace {

namespace beast = boost::beast;
using beast::error_code;
using beast::http::error;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

// What comes of a request.
struct Parts {
  RequestHeadBuilder head;
  std::string body;
  int minor_version = 1;
};

// Beast's parser writing into the parts. One serves one request.
class BeastParser final : public beast::http::basic_parser<true> {
 public:
  BeastParser(Parts& parts, std::size_t max_body_size) : parts_(parts) {
    header_limit(std::numeric_limits<std::uint32_t>::max());  // counted by RequestParser
    body_limit(max_body_size);
  }

  // Bytes of the current chunk that haven't come.
  std::uint64_t chunk_remaining() const { return chunk_remaining_; }
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  using string_view = beast::string_view;

  void on_request_impl(beast::http::verb, string_view method, string_view target, int version,
                       error_code&) override {
    parts_.head.begin(view(method), view(target));
    parts_.minor_version = version % 10;
  }

  void on_field_impl(beast::http::field, string_view name, string_view value,
                     error_code& error) override {
    refusal_ = judge_field(seen_, view(name), view(value), is_header_done());
    if (refusal_) {
      error = beast::http::error::bad_field;
    } else if (!is_header_done()) {
      parts_.head.add(view(name), view(value));
    }
  }

  std::size_t on_body_impl(string_view body, error_code&) override {
    parts_.body += view(body);
    return body.size();
  }

  void on_chunk_header_impl(std::uint64_t size, string_view, error_code&) override {
    chunk_remaining_ = size;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    parts_.body += view(body);
    chunk_remaining_ -= body.size();
    return body.size();
  }

  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  Parts& parts_;
  SeenFields seen_;
  std::uint64_t chunk_remaining_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace

// Hands Beast whole lines only. So neither the time it takes nor its answer to bad bytes depends on
// how they were cut, and no more than one line of the head is held beside what was taken of it.
class RequestParser::Impl {
 public:
  explicit Impl(RequestLimits limits) : limits_(limits) { reset(); }

  ParseStatus parse(Bytes& input) {
    if (state_ == State::head) state_ = after_head_;
    while (!input.empty() && !is_told(state_)) step(input);
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

  std::string take_body() {
    std::string body = std::move(parts_.body);
    reset();
    return body;
  }

  bool is_websocket_attempt() const {
    return !has_head_ || refusal_.status == 400 || has_list_item(head_, "Upgrade", "websocket");
  }

  bool started() const { return state_ != State::before_request; }
  bool has_head() const { return has_head_; }
  const RequestHead& head() const { return head_; }
  int minor_version() const { return minor_version_; }
  bool keep_alive() const { return keep_alive_; }
  bool expects_continue() const { return expects_continue_; }
  std::size_t body_size() const { return parts_.body.size(); }
  std::optional<std::uint64_t> missing_bytes() const {
    if (state_ != State::body) return std::nullopt;
    const auto missing = beast_->content_length_remaining();
    return missing ? std::optional<std::uint64_t>(*missing) : std::nullopt;
  }
  const Refusal& refusal() const { return refusal_; }

 private:
  enum class State {
    before_request,
    request_line,
    fields,
    head,
    body,
    chunk_line,
    chunk_data,
    chunk_end,
    trailers,
    done,
    failed
  };

  static bool is_told(State state) {
    return state == State::head || state == State::done || state == State::failed;
  }

  static constexpr std::size_t largest_kept_line = 256;
  // What a chunk's line may take without counting against its limit: a size and its line end.
  static constexpr std::size_t plain_chunk_line = 18;

  // Of the request before, its head stays until the next one's is known.
  void reset() {
    parts_ = {};
    beast_.emplace(parts_, limits_.max_body_size);
    line_check_ = {};
    clear_line();
    state_ = State::before_request;
    room_ = limits_.max_header_size;
    has_head_ = expects_continue_ = false;
  }

  void clear_line() {
    line_.clear();
    if (line_.capacity() > largest_kept_line) line_.shrink_to_fit();
  }

  void step(Bytes& input) {
    expects_continue_ = false;
    switch (state_) {
      case State::before_request:
        return skip_empty_line(input);
      case State::request_line:
        if (take_line(input)) on_request_line();
        return;
      case State::fields:
        if (take_line(input)) on_field_line();
        return;
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

  // RFC 9112, 2.2: one empty line before a request line is skipped.
  void skip_empty_line(Bytes& input) {
    const char c = as_text(input).front();
    const bool in_empty_line = !line_.empty();
    head_ = {};
    if (in_empty_line ? c != '\n' : c == '\n') return fail(bad_line_end());
    if (!in_empty_line && c != '\r') {
      state_ = State::request_line;
      return;
    }
    input = input.subspan(1);
    line_ += c;
    if (!in_empty_line) return;
    line_.clear();
    state_ = State::request_line;
  }

  // Moves bytes to `line_` up to a line end; true with it.
  bool take_line(Bytes& input) {
    const std::string_view text = as_text(input);
    const std::size_t end = text.find('\n');
    const std::size_t size = end == text.npos ? text.size() : end + 1;
    const std::string_view portion = text.substr(0, std::min(size, room_));
    input = input.subspan(portion.size());
    room_ -= portion.size();
    append_tightly(line_, portion);
    if (state_ == State::request_line) {
      const std::size_t good = line_check_.consume(portion);
      if (good < portion.size()) {
        fail(no_request_line(line_, line_.size() - portion.size() + good));
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

  void on_request_line() {
    if (auto refusal = adapt_version(line_)) return fail(std::move(*refusal));
    if (!put_line(line_.size())) {
      return fail(malformed_request_line(line_));
    }
    clear_line();
    state_ = State::fields;
  }

  void on_field_line() {
    if (is_folded(line_)) return fail(folded_line());
    const bool is_last = line_ == "\r\n";
    const std::size_t size = line_.size();
    // Beast looks one byte ahead for obs-fold, which was refused above.
    if (!is_last) append_tightly(line_, "\r");
    const bool taken = put_line(size);
    line_.resize(size);
    if (is_last) return on_head(taken);
    if (!taken) return fail_syntax();
    clear_line();
  }

  void on_head(bool taken) {
    has_head_ = true;
    head_ = parts_.head.finish();
    minor_version_ = parts_.minor_version;
    if (!taken) return fail_syntax();
    if (auto refusal = judge_head(head_, minor_version_)) return fail(std::move(*refusal));
    const bool is_http_1_1 = minor_version_ > 0;
    keep_alive_ = !has_list_item(head_, "Connection", "close") &&
                  (is_http_1_1 || has_list_item(head_, "Connection", "keep-alive"));
    clear_line();
    room_ = limits_.max_header_size;
    state_ = State::head;
    after_head_ = beast_->is_done()   ? State::done
                  : beast_->chunked() ? State::chunk_line
                                      : State::body;
    expects_continue_ =
        after_head_ != State::done && is_http_1_1 && has_list_item(head_, "Expect", "100-continue");
  }

  void take_body(Bytes& input) {
    error_code error;
    const std::size_t size = state_ == State::body
                                 ? input.size()
                                 : static_cast<std::size_t>(std::min<std::uint64_t>(
                                       input.size(), beast_->chunk_remaining()));
    input = input.subspan(beast_->put({input.data(), size}, error));
    if (state_ == State::chunk_data && beast_->chunk_remaining() == 0) state_ = State::chunk_end;
    if (beast_->is_done()) state_ = State::done;
  }

  // Beast wants the CR LF after a chunk's data together with the next chunk's line.
  void take_chunk_end(Bytes& input) {
    constexpr std::string_view line_end = "\r\n";
    line_ += as_text(input).front();
    input = input.subspan(1);
    if (!line_end.starts_with(line_)) return fail(chunk_too_long());
    if (line_ == line_end) state_ = State::chunk_line;
  }

  void on_chunk_line() {
    const bool first = !line_.starts_with('\r');
    const std::string_view line = std::string_view(line_).substr(first ? 0 : 2);
    const ChunkLine kind = judge_chunk_line(line);
    if (kind == ChunkLine::malformed) {
      return fail(malformed_line(line_, "a chunk's size in hexadecimal is expected"));
    }
    const bool taken = put_line(line_.size());
    if (kind == ChunkLine::last_chunk && error_ == error::need_more) {
      trailer_start_ = line_.size();
      state_ = State::trailers;
      return;
    }
    if (!taken) return fail_syntax();
    room_ += std::min(line.size(), plain_chunk_line);
    line_.clear();
    state_ = State::chunk_data;
  }

  // Beast wants the last chunk's line and all trailer lines together.
  void on_trailer_line() {
    const std::string_view line = std::string_view(line_).substr(trailer_start_);
    if (is_folded(line)) return fail(folded_line());
    trailer_start_ = line_.size();
    if (line != "\r\n") return;
    if (!put_line(line_.size()) || !beast_->is_done()) return fail_syntax();
    state_ = State::done;
  }

  // True when Beast took `size` bytes, which is all of the line.
  bool put_line(std::size_t size) {
    const std::size_t taken = beast_->put({line_.data(), line_.size()}, error_);
    return taken == size && (!error_ || error_ == error::need_more);
  }

  static bool is_folded(std::string_view line) {
    return line.starts_with(' ') || line.starts_with('\t');
  }

  void fail(Refusal refusal) {
    refusal_ = std::move(refusal);
    state_ = State::failed;
  }

  void fail_limit() {
    const std::size_t limit = limits_.max_header_size;
    if (state_ == State::chunk_line) return fail(chunk_extensions_too_large(limit));
    const bool in_target = state_ == State::request_line && line_check_.method_is_complete();
    fail(in_target ? target_too_long(limit) : header_too_large(limit));
  }

  // Beast or judge_field refused what `put_line` gave.
  void fail_syntax() {
    if (beast_->refusal()) return fail(*beast_->refusal());
    if (error_ == error::body_limit) return fail(body_too_large(limits_.max_body_size));
    fail(malformed_field_line(line_, error_.message()));
  }

  const RequestLimits limits_;
  Parts parts_;
  RequestHead head_;
  std::optional<BeastParser> beast_;
  RequestLineCheck line_check_;
  std::string line_;  // what Beast hasn't taken
  std::size_t trailer_start_ = 0;
  std::size_t room_ = 0;  // bytes the current section may still take
  error_code error_;
  Refusal refusal_;
  State state_ = State::before_request;
  State after_head_ = State::done;
  int minor_version_ = 1;
  bool keep_alive_ = true;
  bool has_head_ = false;
  bool expects_continue_ = false;
};

RequestParser::RequestParser(RequestLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

ParseStatus RequestParser::parse(Bytes& input) {
  return impl_->parse(input);
}
bool RequestParser::started() const {
  return impl_->started();
}
bool RequestParser::has_head() const {
  return impl_->has_head();
}
const RequestHead& RequestParser::head() const {
  return impl_->head();
}
int RequestParser::minor_version() const {
  return impl_->minor_version();
}
bool RequestParser::keep_alive() const {
  return impl_->keep_alive();
}
bool RequestParser::expects_continue() const {
  return impl_->expects_continue();
}
std::optional<std::uint64_t> RequestParser::missing_bytes() const {
  return impl_->missing_bytes();
}
std::size_t RequestParser::body_size() const {
  return impl_->body_size();
}
std::string RequestParser::take_body() {
  return impl_->take_body();
}
const Refusal& RequestParser::refusal() const {
  return impl_->refusal();
}
bool RequestParser::is_websocket_attempt() const {
  return impl_->is_websocket_attempt();
}
}  // namespace simws::protocol::http
