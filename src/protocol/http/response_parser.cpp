#include "protocol/http/response_parser.h"

#include "protocol/http/message_parser.h"
#include "protocol/http/refusals.h"
#include "protocol/http/request_rules.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <utility>

namespace simws::protocol::http {

namespace {

constexpr std::string_view http_name = "HTTP/";
constexpr std::size_t most_read_of_body = 1024;
// So much of a line that isn't HTTP's is waited for, to show what it is.
constexpr std::size_t most_shown = 64;

bool is_printable(char c) {
  return c >= 0x20 && c <= 0x7e;
}

// What came can't become a status line, for it starts with something else. How much is read before
// that is said depends on the bytes only, not on how they were cut.
bool is_no_answer(std::string_view line) {
  if (http_name.starts_with(line.substr(0, http_name.size()))) return false;
  return line.size() >= most_shown || !std::ranges::all_of(line, is_printable);
}

Refusal no_answer(std::string_view line) {
  constexpr std::string_view tls_records = "\x15\x16";
  if (tls_records.find(line.front()) != tls_records.npos) {
    return bad_request("TLS on the other side: use a wss:// address");
  }
  line = line.substr(0, most_shown);
  const auto end = std::ranges::find_if_not(line, is_printable);
  const std::ptrdiff_t shown = std::max<std::ptrdiff_t>(1, end - line.begin());
  return bad_request("it isn't HTTP, but begins with " +
                     in_quotes(line.substr(0, static_cast<std::size_t>(shown))));
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

class ResponseParser::Impl final : public MessageParser {
 public:
  explicit Impl(std::size_t max_header_size) : MessageParser(max_header_size) {
    begin_message(max_header_size);
  }

  int status() const { return parts_.status; }
  std::string_view reason_phrase() const { return parts_.reason; }

  std::string_view first_line() const {
    std::string_view body = std::string_view(parts_.body).substr(0, most_read_of_body);
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
    body = body.substr(0, body.find('\n'));
    while (!body.empty() && is_blank(body.back())) body.remove_suffix(1);
    return body;
  }

 private:
  std::unique_ptr<MessageSyntax> make_syntax() override { return make_response_syntax(parts_); }
  bool skip_before_message(Bytes&) override { return true; }

  std::optional<Refusal> judge_start(std::string_view line, std::size_t portion) override {
    for (std::size_t end = line.size() - portion + 1; end <= line.size(); ++end) {
      if (is_no_answer(line.substr(0, end))) return no_answer(line.substr(0, end));
      if (end > most_shown) break;
    }
    return std::nullopt;
  }

  std::optional<Refusal> adapt_start(std::string& line) override {
    constexpr std::string_view before_status = "HTTP/1.1 ";
    const bool is_under_100 =
        line.size() > before_status.size() && line[before_status.size()] == '0';
    if (is_under_100) return malformed_start(line);
    return adapt_status_line(line);
  }
  Refusal malformed_start(std::string_view line) override {
    return malformed_line(line, "'HTTP/1.1 101 Switching Protocols' is expected");
  }

  std::optional<Refusal> on_head() override {
    const bool is_interim = status() < 200 && status() != 101;
    if (is_interim) {
      begin_message(header_room());
    } else if (!is_chunked_at_most(head(), minor_version())) {
      end_at_head();  // nobody here could read its body
    }
    return std::nullopt;
  }

  void on_body() override {
    const std::string_view body = parts_.body;
    const std::size_t start = body.find_first_not_of(" \t\r\n");
    const bool has_line = start != body.npos && body.find('\n', start) != body.npos;
    if (has_line || body.size() >= most_read_of_body) end();
  }

  Refusal over_limit(Section section) override {
    std::string what = section == Section::chunk_line ? "what comes with the body's chunks"
                                                      : "the answer's header";
    return bad_request(what + " is over " + std::to_string(max_header_size_) + " bytes");
  }
};

ResponseParser::ResponseParser(std::size_t max_header_size)
    : impl_(std::make_unique<Impl>(max_header_size)) {}
ResponseParser::~ResponseParser() = default;

ParseStatus ResponseParser::parse(Bytes& input) {
  return impl_->parse(input);
}
bool ResponseParser::has_head() const {
  return impl_->has_head();
}
int ResponseParser::status() const {
  return impl_->status();
}
int ResponseParser::minor_version() const {
  return impl_->minor_version();
}
std::string_view ResponseParser::reason_phrase() const {
  return impl_->reason_phrase();
}
const RequestHead& ResponseParser::fields() const {
  return impl_->head();
}
std::string_view ResponseParser::first_line() const {
  return impl_->first_line();
}
const std::string& ResponseParser::refusal() const {
  return impl_->refusal().reason;
}

}  // namespace simws::protocol::http
