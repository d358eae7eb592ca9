#include "protocol/http/request.h"

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

// Beast's parser writing into a Request. One serves one request.
class BeastParser final : public beast::http::basic_parser<true> {
 public:
  BeastParser(Request& request, std::size_t max_body_size) : request_(request) {
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
    request_.method = view(method);
    request_.target = view(target);
    request_.minor_version = version % 10;
  }

  void on_field_impl(beast::http::field, string_view name, string_view value,
                     error_code& error) override {
    refusal_ = judge_field(request_.headers, view(name), view(value), is_header_done());
    if (refusal_) {
      error = beast::http::error::bad_field;
    } else if (!is_header_done()) {
      request_.headers.add(view(name), view(value));
    }
  }

  std::size_t on_body_impl(string_view body, error_code&) override {
    request_.body += view(body);
    return body.size();
  }

  void on_chunk_header_impl(std::uint64_t size, string_view, error_code&) override {
    chunk_remaining_ = size;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    request_.body += view(body);
    chunk_remaining_ -= body.size();
    return body.size();
  }

  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  Request& request_;
  std::uint64_t chunk_remaining_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace

// Hands Beast whole lines only. So neither the time it takes nor its answer to bad bytes depends on
// how they were cut, and no more than one line of the head is held beside the request.
class RequestParser::Impl {
 public:
  explicit Impl(RequestLimits limits) : limits_(limits) { reset(); }

  DecodeStatus parse(Bytes& input) {
    while (!input.empty() && state_ != State::done && state_ != State::failed) step(input);
    if (state_ == State::done) return DecodeStatus::done;
    return state_ == State::failed ? DecodeStatus::fail : DecodeStatus::need_more;
  }

  void reset() {
    request_ = {};
    beast_.emplace(request_, limits_.max_body_size);
    line_check_ = {};
    line_.clear();
    if (line_.capacity() > largest_kept_line) line_.shrink_to_fit();
    state_ = State::before_request;
    room_ = limits_.max_header_size;
    has_head_ = expects_continue_ = false;
  }

  bool take_expectation() {
    const bool waiting = state_ != State::done && state_ != State::failed && request_.body.empty();
    return std::exchange(expects_continue_, false) && waiting;
  }

  bool is_websocket_attempt() const {
    return !has_head_ || refusal_.status == 400 ||
           request_.headers.has_list_item("Upgrade", "websocket");
  }

  bool started() const { return state_ != State::before_request; }
  bool has_head() const { return has_head_; }
  Request& request() { return request_; }
  const Refusal& refusal() const { return refusal_; }

 private:
  enum class State {
    before_request,
    request_line,
    fields,
    body,
    chunk_line,
    chunk_data,
    chunk_end,
    trailers,
    done,
    failed
  };

  static constexpr std::size_t largest_kept_line = 1024;
  // What a chunk's line may take without counting against its limit: a size and its line end.
  static constexpr std::size_t plain_chunk_line = 18;

  void step(Bytes& input) {
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
      case State::done:
      case State::failed:
        return;
    }
  }

  // RFC 9112, 2.2: one empty line before a request line is skipped.
  void skip_empty_line(Bytes& input) {
    const char c = as_text(input).front();
    const bool in_empty_line = !line_.empty();
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
    line_ += portion;
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
      return fail(malformed_line(line_, "'GET /path HTTP/1.1' is expected"));
    }
    line_.clear();
    state_ = State::fields;
  }

  void on_field_line() {
    if (is_folded(line_)) return fail(folded_line());
    const bool is_last = line_ == "\r\n";
    const std::size_t size = line_.size();
    // Beast looks one byte ahead for obs-fold, which was refused above.
    if (!is_last) line_ += '\r';
    const bool taken = put_line(size);
    line_.resize(size);
    if (is_last) return on_head(taken);
    if (!taken) return fail_syntax();
    line_.clear();
  }

  void on_head(bool taken) {
    has_head_ = true;
    if (!taken) return fail_syntax();
    if (auto refusal = judge_head(request_)) return fail(std::move(*refusal));
    const Headers& headers = request_.headers;
    request_.keep_alive =
        !headers.has_list_item("Connection", "close") &&
        (request_.minor_version > 0 || headers.has_list_item("Connection", "keep-alive"));
    request_.headers.shrink_to_fit();
    line_.clear();
    if (beast_->is_done()) {
      state_ = State::done;
      return;
    }
    expects_continue_ =
        request_.minor_version > 0 && headers.has_list_item("Expect", "100-continue");
    room_ = limits_.max_header_size;
    state_ = beast_->chunked() ? State::chunk_line : State::body;
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
    fail(malformed_line(line_, error_.message()));
  }

  const RequestLimits limits_;
  Request request_;
  std::optional<BeastParser> beast_;
  RequestLineCheck line_check_;
  std::string line_;  // what Beast hasn't taken
  std::size_t trailer_start_ = 0;
  std::size_t room_ = 0;  // bytes the current section may still take
  error_code error_;
  Refusal refusal_;
  State state_ = State::before_request;
  bool has_head_ = false;
  bool expects_continue_ = false;
};

RequestParser::RequestParser(RequestLimits limits) : impl_(std::make_unique<Impl>(limits)) {}
RequestParser::~RequestParser() = default;

DecodeStatus RequestParser::parse(Bytes& input) {
  return impl_->parse(input);
}
bool RequestParser::has_head() const {
  return impl_->has_head();
}
bool RequestParser::take_expectation() {
  return impl_->take_expectation();
}
bool RequestParser::started() const {
  return impl_->started();
}
const Request& RequestParser::request() const {
  return impl_->request();
}
const Refusal& RequestParser::refusal() const {
  return impl_->refusal();
}
bool RequestParser::is_websocket_attempt() const {
  return impl_->is_websocket_attempt();
}

Request RequestParser::take_request() {
  Request request = std::move(impl_->request());
  impl_->reset();
  return request;
}

}  // namespace simws::protocol::http
