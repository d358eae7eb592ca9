#include "protocol/http/request.h"

#include "protocol/http/headers.h"
#include "protocol/http/message_parser.h"
#include "protocol/http/refusals.h"
#include "protocol/http/request_rules.h"

#include <utility>

namespace simws::protocol::http {

class RequestParser::Impl final : public MessageParser {
 public:
  explicit Impl(RequestLimits limits)
      : MessageParser(limits.max_header_size), max_body_size_(limits.max_body_size) {
    reset();
  }

  ParseStatus parse(Bytes& input) {
    if (!input.empty()) expects_continue_ = false;
    return MessageParser::parse(input);
  }

  std::string take_body() {
    std::string body = std::move(parts_.body);
    reset();
    return body;
  }

  bool is_websocket_attempt() const {
    return !has_head() || refusal().status == 400 || has_list_item(head(), "Upgrade", "websocket");
  }

  bool keep_alive() const { return keep_alive_; }
  bool expects_continue() const { return expects_continue_; }
  std::size_t body_size() const { return parts_.body.size(); }
  std::optional<std::uint64_t> missing_bytes() const {
    return in_body() ? syntax().missing_bytes() : std::nullopt;
  }

 private:
  void reset() {
    begin_message(max_header_size_);
    line_check_ = {};
    in_empty_line_ = expects_continue_ = false;
  }

  std::unique_ptr<MessageSyntax> make_syntax() override {
    return make_request_syntax(parts_, max_body_size_);
  }

  // RFC 9112, 2.2: one empty line before a request line is skipped.
  bool skip_before_message(Bytes& input) override {
    const char c = as_text(input).front();
    head_ = {};
    if (in_empty_line_ ? c != '\n' : c == '\n') {
      fail(bad_line_end());
      return false;
    }
    if (!in_empty_line_ && c != '\r') return true;
    input = input.subspan(1);
    return std::exchange(in_empty_line_, true);
  }

  std::optional<Refusal> judge_start(std::string_view line, std::size_t portion) override {
    const std::size_t before = line.size() - portion;
    const std::size_t good = line_check_.consume(line.substr(before));
    if (good == portion) return std::nullopt;
    return no_request_line(line, before + good);
  }

  std::optional<Refusal> adapt_start(std::string& line) override { return adapt_version(line); }
  Refusal malformed_start(std::string_view line) override { return malformed_request_line(line); }

  std::optional<Refusal> on_head() override {
    if (auto refusal = judge_head(head_, minor_version())) return refusal;
    const bool is_http_1_1 = minor_version() > 0;
    keep_alive_ = !has_list_item(head_, "Connection", "close") &&
                  (is_http_1_1 || has_list_item(head_, "Connection", "keep-alive"));
    expects_continue_ =
        !syntax().is_done() && is_http_1_1 && has_list_item(head_, "Expect", "100-continue");
    return std::nullopt;
  }

  Refusal over_limit(Section section) override {
    switch (section) {
      case Section::start_line:
        return line_check_.method_is_complete() ? target_too_long(max_header_size_)
                                                : header_too_large(max_header_size_);
      case Section::chunk_line:
        return chunk_extensions_too_large(max_header_size_);
      case Section::body:
        return body_too_large(max_body_size_);
      case Section::fields:
        break;
    }
    return header_too_large(max_header_size_);
  }

  const std::size_t max_body_size_;
  RequestLineCheck line_check_;
  bool in_empty_line_ = false;
  bool keep_alive_ = true;
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
