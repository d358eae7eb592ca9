#include "base/utf8.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace simws {
namespace {

using State = std::uint8_t;

// What must come next inside a character (RFC 3629, 4). The odd ranges shut out overlong forms,
// surrogates and what lies beyond U+10FFFF.
enum : State {
  start,
  one_more,
  two_more,
  three_more,
  after_e0,
  after_ed,
  after_f0,
  after_f4,
  invalid
};

struct Transition {
  std::uint8_t low, high;
  State next;
};

constexpr std::array<Transition, invalid> transitions{{
    {0x00, 0x7F, start},
    {0x80, 0xBF, start},
    {0x80, 0xBF, one_more},
    {0x80, 0xBF, two_more},
    {0xA0, 0xBF, one_more},
    {0x80, 0x9F, one_more},
    {0x90, 0xBF, two_more},
    {0x80, 0x8F, two_more},
}};

constexpr State begin_character(std::uint8_t byte) {
  if (byte < 0x80) return start;
  if (byte < 0xC2 || byte > 0xF4) return invalid;
  if (byte < 0xE0) return one_more;
  if (byte == 0xE0) return after_e0;
  if (byte == 0xED) return after_ed;
  if (byte < 0xF0) return two_more;
  if (byte == 0xF0) return after_f0;
  return byte == 0xF4 ? after_f4 : three_more;
}

constexpr State next_state(State state, std::byte next) {
  const auto byte = std::to_integer<std::uint8_t>(next);
  if (state == start) return begin_character(byte);
  const Transition& transition = transitions[state];
  return byte >= transition.low && byte <= transition.high ? transition.next : State{invalid};
}

// How many bytes at the end of `text` begin a character that `text` doesn't end.
std::size_t incomplete_size(Bytes text) {
  const std::size_t most = std::min<std::size_t>(3, text.size());
  for (std::size_t size = 1; size <= most; ++size) {
    const auto byte = std::to_integer<std::uint8_t>(text[text.size() - size]);
    if (byte < 0x80) return 0;
    if (byte < 0xC0) continue;
    const std::size_t whole = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    return size < whole ? size : 0;
  }
  return 0;
}

// simdjson takes a hundred instructions before it looks at the first byte.
constexpr std::size_t most_short = 128;

std::uint64_t word_at(const std::byte* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

bool is_ascii(Bytes text) {
  constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080;
  constexpr std::size_t step = sizeof(std::uint64_t);
  if (text.size() < step) {
    return std::ranges::all_of(text, [](std::byte byte) { return byte < std::byte{0x80}; });
  }
  std::uint64_t seen = word_at(text.data() + text.size() - step);
  for (std::size_t i = 0; i + step < text.size(); i += step) seen |= word_at(text.data() + i);
  return (seen & high_bits) == 0;
}

}  // namespace

bool is_utf8(Bytes text) {
  if (text.size() <= most_short && is_ascii(text)) return true;
  return simdjson::validate_utf8(reinterpret_cast<const char*>(text.data()), text.size());
}

std::optional<std::size_t> find_invalid_utf8(Bytes text) {
  if (is_utf8(text)) return std::nullopt;
  State state = start;
  for (std::size_t offset = 0; offset < text.size(); ++offset) {
    state = next_state(state, text[offset]);
    if (state == invalid) return offset;
  }
  return text.size();
}

bool Utf8Validator::consume(Bytes portion) {
  while (state_ != start && !portion.empty()) {
    state_ = next_state(state_, portion.front());
    if (state_ == invalid) return false;
    portion = portion.subspan(1);
  }
  const std::size_t whole_size = portion.size() - incomplete_size(portion);
  if (whole_size != 0 && !is_utf8(portion.first(whole_size))) return false;
  for (const std::byte byte : portion.subspan(whole_size)) {
    state_ = next_state(state_, byte);
    if (state_ == invalid) return false;
  }
  return true;
}

}  // namespace simws
