#include "protocol/http/message_syntax.h"

#include "protocol/http/request_rules.h"

#include <boost/beast/http/basic_parser.hpp>

#include <limits>

namespace simws::protocol::http {

namespace {

namespace beast = boost::beast;
using beast::error_code;

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

// What Beast knows by its name is a token, and but for these no rule's.
bool is_judged(beast::http::field field) {
  using enum beast::http::field;
  return field == unknown || field == host || field == content_length || field == transfer_encoding;
}

// Beast's parser writing into the parts. One serves one message.
template <bool is_request>
class BeastSyntax final : public MessageSyntax, private beast::http::basic_parser<is_request> {
  using Parser = beast::http::basic_parser<is_request>;

 public:
  BeastSyntax(MessageParts& parts, std::uint64_t max_body_size) : parts_(parts) {
    Parser::header_limit(std::numeric_limits<std::uint32_t>::max());  // counted by MessageParser
    Parser::body_limit(max_body_size);
  }

  bool is_done() const override { return Parser::is_done(); }
  bool is_chunked() const override { return Parser::chunked(); }
  std::optional<std::uint64_t> missing_bytes() const override {
    const auto missing = Parser::content_length_remaining();
    return missing ? std::optional<std::uint64_t>(*missing) : std::nullopt;
  }
  std::uint64_t missing_of_chunk() const override { return missing_of_chunk_; }
  const std::optional<Refusal>& refusal() const override { return refusal_; }
  bool body_is_over_limit() const override { return error_ == beast::http::error::body_limit; }
  std::string error_words() const override { return error_.message(); }
  bool needs_more() const override { return error_ == beast::http::error::need_more; }

 private:
  using string_view = beast::string_view;

  std::size_t put(Bytes bytes) override {
    return Parser::put({bytes.data(), bytes.size()}, error_);
  }
  bool is_wrong() const override { return error_ && error_ != beast::http::error::need_more; }

  void on_request_impl(beast::http::verb, string_view method, string_view target, int version,
                       error_code&) override {
    parts_.head.begin(view(method), view(target));
    parts_.minor_version = version % 10;
  }

  void on_response_impl(int status, string_view reason, int version, error_code&) override {
    parts_.head.begin({}, {});
    parts_.minor_version = version % 10;
    parts_.status = status;
    parts_.reason = view(reason);
  }

  void on_field_impl(beast::http::field field, string_view name, string_view value,
                     error_code& error) override {
    const bool in_trailer = Parser::is_header_done();
    if (is_judged(field)) refusal_ = judge_field(seen_, view(name), view(value), in_trailer);
    if (refusal_) {
      error = beast::http::error::bad_field;
    } else if (!in_trailer) {
      parts_.head.add(view(name), view(value));
    }
  }

  std::size_t on_body_impl(string_view body, error_code&) override {
    parts_.body += view(body);
    return body.size();
  }

  void on_chunk_header_impl(std::uint64_t size, string_view, error_code&) override {
    missing_of_chunk_ = size;
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    parts_.body += view(body);
    missing_of_chunk_ -= body.size();
    return body.size();
  }

  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  MessageParts& parts_;
  SeenFields seen_;
  std::uint64_t missing_of_chunk_ = 0;
  error_code error_;
  std::optional<Refusal> refusal_;
};

}  // namespace

bool MessageSyntax::put_line(std::string_view text) {
  return put(as_bytes(text)) == text.size() && !is_wrong();
}

std::size_t MessageSyntax::put_fields(std::string_view lines) {
  return put(as_bytes(lines));
}

std::size_t MessageSyntax::put_body(Bytes portion) {
  return put(portion);
}

std::unique_ptr<MessageSyntax> make_request_syntax(MessageParts& parts, std::size_t max_body_size) {
  return std::make_unique<BeastSyntax<true>>(parts, max_body_size);
}

std::unique_ptr<MessageSyntax> make_response_syntax(MessageParts& parts) {
  // To Beast of Boost 1.74 any body is larger than no limit.
  constexpr auto no_limit = std::numeric_limits<std::uint64_t>::max();
  return std::make_unique<BeastSyntax<false>>(parts, no_limit);
}

}  // namespace simws::protocol::http
