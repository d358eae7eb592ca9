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

std::string text_of(const http::Request& request) {
  std::string text = request.method + ' ' + request.target + ' ' +
                     std::to_string(request.minor_version) + (request.keep_alive ? "k" : "c");
  for (const auto& [name, value] : request.headers.to_list()) text += '|' + name + '=' + value;
  return text + '|' + request.body;
}

// Every request of the input, one after the other, up to a refusal.
std::string parse_all(Bytes input, std::size_t portion_size) {
  http::RequestParser parser(limits);
  std::string outcomes;
  while (!input.empty()) {
    Bytes portion = input.first(std::min(portion_size, input.size()));
    const std::size_t before = portion.size();
    const DecodeStatus status = parser.parse(portion);
    input = input.subspan(before - portion.size());
    require(status != DecodeStatus::need_more || portion.empty(), "need_more takes all");
    if (status == DecodeStatus::fail) {
      return outcomes + std::to_string(parser.refusal().status) + parser.refusal().reason +
             (parser.is_websocket_attempt() ? "attempt" : "");
    }
    if (status == DecodeStatus::done) outcomes += text_of(parser.take_request()) + '\n';
  }
  return outcomes + (parser.started() ? "started" : "") + (parser.has_head() ? "head" : "");
}

void require_sendable(const Refused& refused) {
  require(!refused.reason.empty() && refused.reason.size() < 1000, "a refusal has a short reason");
  require(http::encode_response(refused.response, {}).ok(), "a refusal can be sent");
}

void require_accepted(const http::Request& request, const Accepted& accepted) {
  require(request.method == "GET" && request.minor_version == 1, "an accepted attempt is GET");
  require(accepted.response.starts_with("HTTP/1.1 101 "), "an accepted attempt gets 101");
  require(accepted.response.find("\r\n\r\n") == accepted.response.size() - 4, "a 101 has one end");
}

void check_request(const http::Request& request) {
  require(!request.method.empty() && !request.target.empty(), "a request line is complete");
  require(request.target.starts_with('/') || request.target == "*", "a target is a path");
  require(request.body.size() <= limits.max_body_size, "a body is within its limit");
  require(request.headers.count("Host") <= 1, "one Host at most");
  const HandshakeRules rules{{{"lab"}, {"https://lab"}, "robot"}, {"b", "a"}, "simWS"};
  const auto entry = refuse_entry(request, rules.entry);
  if (const auto* refused = std::get_if<Refused>(&entry)) require_sendable(*refused);
  const auto answer = answer_handshake(request, rules);
  if (const auto* refused = std::get_if<Refused>(&answer)) require_sendable(*refused);
  if (const auto* accepted = std::get_if<Accepted>(&answer)) {
    require(std::holds_alternative<std::monostate>(entry), "an accepted attempt may enter");
    require_accepted(request, *accepted);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(reinterpret_cast<const std::byte*>(data), size);
  const std::string whole = parse_all(input, size);
  require(parse_all(input, 1) == whole, "byte by byte is as whole");
  require(parse_all(input, 7) == whole, "by sevens is as whole");

  http::RequestParser parser(limits);
  for (Bytes rest = input; parser.parse(rest) == DecodeStatus::done;) {
    check_request(parser.take_request());
  }
  return 0;
}
