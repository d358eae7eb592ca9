// Answers to a client's requests, to the opening handshake and to CONNECT: however the bytes are
// cut, the outcome is the same, limits hold, and what is told can be shown and connected to.
#include "check.h"
#include "protocol/client_handshake.h"
#include "protocol/proxy.h"
#include "protocol/retry.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

namespace {

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

constexpr std::size_t max_header_size = 1024;
// Of the URI that was asked for; inputs don't have it.
constexpr std::string_view secret = "hidden";

// What people read is one line of printable ASCII, and no longer than its parts may be.
void check_failure(const AttemptFailure& failure) {
  check(!failure.reason.empty() && failure.reason.size() < 1000);
  check(std::ranges::all_of(failure.reason, [](char c) { return c >= 0x20 && c <= 0x7e; }));
  check(failure.reason.find(secret) == std::string::npos);
  check((failure.kind == FailureKind::status) == (failure.status != 0));
  check(failure.status == 0 || (failure.status >= 100 && failure.status <= 999));
  check(failure.retry_after.size() < max_header_size);
  const auto after = parse_retry_after(failure.retry_after, 784111777);
  check(!after || after->count() >= 0);
  is_retried(failure);
}

std::string text_of(const AttemptFailure& failure) {
  check_failure(failure);
  return std::to_string(static_cast<int>(failure.kind)) + failure.reason + failure.retry_after;
}

std::string text_of(const Opened& opened) {
  check(opened.subprotocol.empty() || opened.subprotocol == "v1" || opened.subprotocol == "v2");
  check(opened.fields.joined("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  return "opened " + opened.subprotocol;
}

std::string text_of(const Redirected& redirected) {
  const Uri& to = redirected.uri;
  check(to.is_secure && to.port > 0 && !to.host.empty());
  check(redirected.to_same_origin == (to.host == "robot" && to.port == 443));
  check(to.credentials == (redirected.to_same_origin ? "user:hidden" : ""));
  const std::string head = encode_client_request({}, to, "key");
  check(head.find("\r\n\r\n") == head.size() - 4);
  return "to " + to.authority() + to.resource;
}

std::string text_of(const TunnelOpened&) {
  return "tunnel";
}

std::string text_of(std::monostate) {
  return "more";
}

// The outcome and where in the input it came; without one, what the failure would be.
template <typename Reader>
std::string read(Reader reader, Bytes input, std::size_t portion_size) {
  std::size_t taken = 0;
  while (!input.empty()) {
    Bytes portion = input.first(std::min(portion_size, input.size()));
    const std::size_t size = portion.size();
    const auto outcome = reader.receive(portion);
    taken += size - portion.size();
    input = input.subspan(size - portion.size());
    if (outcome.index() == 0) {
      check(portion.empty());
      continue;
    }
    const std::string text = std::visit([](const auto& each) { return text_of(each); }, outcome);
    // What follows an answer that opens nothing isn't looked at.
    const bool leaves_rest = outcome.index() == 1;
    return leaves_rest ? text + " @" + std::to_string(taken) : text;
  }
  const auto failure = reader.failure_so_far();
  return failure ? "so far " + text_of(*failure) : "more";
}

HandshakeReader handshake() {
  return HandshakeReader({*parse_uri("wss://user:hidden@robot/chat?token=hidden"),
                          "dGhlIHNhbXBsZSBub25jZQ==",
                          {"v2", "v1"},
                          1,
                          max_header_size});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = fuzz::to_bytes(data, size);
  if (as_text(input).find(secret) != std::string_view::npos) return 0;
  const std::string opened = read(handshake(), input, size + 1);
  check(read(handshake(), input, 1) == opened);
  check(read(handshake(), input, 7) == opened);
  const std::string tunnel = read(TunnelReader(max_header_size), input, size + 1);
  check(read(TunnelReader(max_header_size), input, 1) == tunnel);
  check(read(TunnelReader(max_header_size), input, 7) == tunnel);
  return 0;
}
