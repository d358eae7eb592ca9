// HTTP requests and opening handshakes: however the bytes are cut, the outcome is the same, limits
// hold, and every answer is one that can be sent.
#include "protocol/http/request.h"
#include "protocol/http/response.h"
#include "protocol/opening_handshake.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace simws;
using namespace simws::protocol;

constexpr http::RequestLimits limits{.max_header_size = 2048, .max_body_size = 1024};

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "not so: %s\n", what);
  std::abort();
}

std::string text_of(const http::RequestParser& parser) {
  const RequestHead& head = parser.head();
  std::string text(head.method());
  text.append(" ").append(head.resource()) += ' ';
  text += std::to_string(parser.minor_version()) + (parser.keep_alive() ? "k" : "c");
  head.for_each([&](std::string_view name, std::string_view value) {
    text.append("|").append(name).append("=").append(value);
  });
  return text + (parser.expects_continue() ? "|waits" : "|");
}

// Every request of the input, one after the other, up to a refusal.
std::string parse_all(Bytes input, std::size_t portion_size) {
  http::RequestParser parser(limits);
  std::string outcomes;
  http::ParseStatus status = http::ParseStatus::need_more;
  while (!input.empty() || status == http::ParseStatus::head) {
    const bool had_head = parser.has_head();
    Bytes portion = input.first(std::min(portion_size, input.size()));
    const std::size_t before = portion.size();
    status = parser.parse(portion);
    input = input.subspan(before - portion.size());
    require(status != http::ParseStatus::need_more || portion.empty(), "need_more takes all");
    if (status == http::ParseStatus::fail) {
      return outcomes + std::to_string(parser.refusal().status) + parser.refusal().reason +
             (parser.is_websocket_attempt() ? "attempt" : "");
    }
    if (status == http::ParseStatus::head) {
      require(!had_head && parser.body_size() == 0, "a head comes once, before its body");
      outcomes += text_of(parser);
    }
    if (status == http::ParseStatus::done) outcomes += parser.take_body() + '\n';
  }
  return outcomes + (parser.started() ? "started" : "") + (parser.has_head() ? "head" : "");
}

void require_sendable(const Refused& refused) {
  require(!refused.reason.empty() && refused.reason.size() < 1000, "a refusal has a short reason");
  require(http::encode_response(refused.response, {}).ok(), "a refusal can be sent");
}

void require_accepted(const RequestHead& request, const Accepted& accepted) {
  require(request.method() == "GET", "an accepted attempt is GET");
  require(accepted.response.starts_with("HTTP/1.1 101 "), "an accepted attempt gets 101");
  require(accepted.response.find("\r\n\r\n") == accepted.response.size() - 4, "a 101 has one end");
}

void check_head(const RequestHead& request, int minor_version) {
  const std::string_view target = request.resource();
  require(!request.method().empty() && !target.empty(), "a request line is complete");
  require(target.starts_with('/') || target == "*", "a target is a path");
  require(request.count("Host") <= 1, "one Host at most");
  const HandshakeRules rules{{{"lab"}, {"https://lab"}, "robot"}, {"b", "a"}, "simWS"};
  const auto entry = refuse_entry(request, rules.entry);
  if (const auto* refused = std::get_if<Refused>(&entry)) require_sendable(*refused);
  const auto answer = answer_handshake(request, minor_version, rules);
  if (const auto* refused = std::get_if<Refused>(&answer)) require_sendable(*refused);
  if (const auto* accepted = std::get_if<Accepted>(&answer)) {
    require(std::holds_alternative<std::monostate>(entry), "an accepted attempt may enter");
    require(minor_version == 1, "an accepted attempt is HTTP/1.1");
    require_accepted(request, *accepted);
  }
}

void check_all(Bytes input) {
  http::RequestParser parser(limits);
  for (;;) {
    const http::ParseStatus status = parser.parse(input);
    if (status == http::ParseStatus::need_more || status == http::ParseStatus::fail) return;
    if (status == http::ParseStatus::head) check_head(parser.head(), parser.minor_version());
    if (status != http::ParseStatus::done) continue;
    require(parser.take_body().size() <= limits.max_body_size, "a body is within its limit");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(reinterpret_cast<const std::byte*>(data), size);
  const std::string whole = parse_all(input, size);
  require(parse_all(input, 1) == whole, "byte by byte is as whole");
  require(parse_all(input, 7) == whole, "by sevens is as whole");

  check_all(input);
  return 0;
}
