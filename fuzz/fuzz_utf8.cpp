// One byte that says how long the portions are, then a text. The reference is the grammar of
// RFC 3629, 4, row by row.
#include "base/utf8.h"
#include "check.h"

#include <algorithm>
#include <array>

using namespace simws;
using namespace simws;
using fuzz::check;

namespace {

struct Range {
  std::uint8_t low, high;
};

struct Row {
  std::size_t size;
  std::array<Range, 4> ranges;
};

constexpr Range tail{0x80, 0xBF};

constexpr Row grammar[] = {
    {1, {{{0x00, 0x7F}}}},
    {2, {{{0xC2, 0xDF}, tail}}},
    {3, {{{0xE0, 0xE0}, {0xA0, 0xBF}, tail}}},
    {3, {{{0xE1, 0xEC}, tail, tail}}},
    {3, {{{0xED, 0xED}, {0x80, 0x9F}, tail}}},
    {3, {{{0xEE, 0xEF}, tail, tail}}},
    {4, {{{0xF0, 0xF0}, {0x90, 0xBF}, tail, tail}}},
    {4, {{{0xF1, 0xF3}, tail, tail, tail}}},
    {4, {{{0xF4, 0xF4}, {0x80, 0x8F}, tail, tail}}},
};

std::size_t matched_by(const Row& row, Bytes text) {
  std::size_t matched = 0;
  while (matched < row.size && matched < text.size()) {
    const auto byte = std::to_integer<std::uint8_t>(text[matched]);
    if (byte < row.ranges[matched].low || byte > row.ranges[matched].high) break;
    ++matched;
  }
  return matched;
}

// The offset of the first byte that no text could have there, or the size when the last character
// isn't whole.
std::optional<std::size_t> reference(Bytes text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    std::size_t longest = 0;
    bool whole = false;
    for (const Row& row : grammar) {
      const std::size_t matched = matched_by(row, text.subspan(offset));
      longest = std::max(longest, matched);
      whole = whole || matched == row.size;
    }
    offset += longest;
    if (!whole) return offset;
  }
  return std::nullopt;
}

void check_portions(Bytes text, std::size_t portion_size, std::optional<std::size_t> wrong_at) {
  Utf8Validator validator;
  for (std::size_t at = 0; at < text.size(); at += portion_size) {
    const Bytes portion = text.subspan(at, std::min(portion_size, text.size() - at));
    const bool bad_here = wrong_at && *wrong_at < at + portion.size();
    check(validator.consume(portion) == !bad_here);
    if (bad_here) return;
  }
  check(validator.complete() == !wrong_at);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes text = fuzz::to_bytes(data + 1, size - 1);
  const std::optional<std::size_t> wrong_at = reference(text);
  check(find_invalid_utf8(text) == wrong_at);
  check_portions(text, 1, wrong_at);
  check_portions(text, std::size_t{data[0]} + 1, wrong_at);
  check_portions(text, text.size() + 1, wrong_at);
  return 0;
}
