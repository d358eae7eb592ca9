// Two bytes of settings, then the payloads of compressed messages, cut at each byte FE: what comes
// out is the same however they are portioned, and never more than may.
#include "check.h"

#include "protocol/deflate_decoder.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace simws;
using namespace simws::protocol;

namespace {

constexpr std::uint8_t in_context = 1;

struct Outcome {
  std::string message;
  DecodeStatus status = DecodeStatus::need_more;
  bool operator==(const Outcome&) const = default;
};

// Of one message after the other, up to the first that fails.
std::vector<Outcome> outcomes(std::string_view wire, DeflateSide peer, std::size_t limit,
                              std::size_t portion) {
  DeflatePool pool;
  DeflateDecoder decoder(pool, peer);
  std::vector<Outcome> all;
  while (true) {
    const std::size_t end = std::min(wire.find('\xFE'), wire.size());
    std::string_view payload = wire.substr(0, end);
    Outcome outcome;
    Buffer message;
    Failure failure;
    do {
      const std::string_view part = payload.substr(0, portion);
      payload.remove_prefix(part.size());
      outcome.status = decoder.decode(as_bytes(part), payload.empty(), limit, message, failure);
    } while (outcome.status == DecodeStatus::need_more);
    outcome.message = message.text();
    fuzz::check(message.size() <= limit + (outcome.status == DecodeStatus::fail ? 1 : 0));
    all.push_back(outcome);
    if (outcome.status == DecodeStatus::fail || end == wire.size()) return all;
    wire.remove_prefix(end + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const DeflateSide peer{(data[0] & in_context) != 0, max_window_bits};
  const std::size_t limit = std::size_t{data[1]} * 64;
  const std::string_view wire(reinterpret_cast<const char*>(data + 2), size - 2);
  const auto whole = outcomes(wire, peer, limit, wire.size() + 1);
  fuzz::check(outcomes(wire, peer, limit, 1) == whole);
  fuzz::check(outcomes(wire, peer, limit, 7) == whole);
  return 0;
}
