#include "script/describe.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

namespace simws::script {

namespace {

constexpr std::size_t shown_bytes = 60;

void append_escaped(std::string& out, char character) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(character);
  if (character == '\'' || character == '\\') {
    out += '\\';
    out += character;
  } else if (byte >= 0x20 && byte < 0x7f) {
    out += character;
  } else {
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 0xf];
  }
}

struct Describer {
  const Words& words;

  std::string operator()(std::monostate) const { return std::string(words.nil); }
  std::string operator()(bool value) const {
    return typed(words.boolean, value ? words.yes : words.no);
  }
  std::string operator()(std::int64_t value) const {
    return typed(words.integer, integer_text({value}));
  }
  std::string operator()(double value) const { return typed(words.number, number_text(value)); }
  std::string operator()(const Data& value) const {
    return typed(value.kind == DataKind::binary ? words.binary : words.text, quote(value.bytes));
  }
  std::string operator()(const std::string& value) const { return typed(words.text, quote(value)); }
  std::string operator()(const List&) const { return std::string(words.list); }
  std::string operator()(const Map&) const { return std::string(words.map); }
  std::string operator()(LargeInteger value) const {
    return typed(words.integer, integer_text({value}));
  }
  std::string operator()(Function) const { return "function"; }
  std::string operator()(Opaque value) const { return std::string(value.type); }

 private:
  static std::string typed(std::string_view type, std::string_view value) {
    return std::string(type).append(" ").append(value);
  }
};

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "'";
  for (const char character : text.substr(0, shown_bytes)) append_escaped(out, character);
  out += text.size() > shown_bytes ? "...'" : "'";
  return out;
}

std::string integer_text(const Value& value) {
  const auto* large = value.as<LargeInteger>();
  if (!large) return std::to_string(*value.as<std::int64_t>());
  const bool is_long = large->digits.size() > shown_bytes;
  return std::string(large->digits.substr(0, shown_bytes)) + (is_long ? "..." : "");
}

std::string number_text(double number) {
  std::array<char, 32> digits;
  // Whole numbers without an exponent, as sizes are written.
  const bool whole = number > -1e15 && number < 1e15 &&
                     number == static_cast<double>(static_cast<std::int64_t>(number));
  const auto end = whole ? std::to_chars(digits.data(), digits.data() + digits.size(),
                                         static_cast<std::int64_t>(number))
                         : std::to_chars(digits.data(), digits.data() + digits.size(), number);
  return {digits.data(), end.ptr};
}

std::string describe(const Value& value, const Words& words) {
  return std::visit(Describer{words}, value.held);
}

}  // namespace simws::script
