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
  std::string operator()(std::monostate) const { return "nil"; }
  std::string operator()(bool value) const { return value ? "bool true" : "bool false"; }
  std::string operator()(std::int64_t value) const { return "int " + std::to_string(value); }
  std::string operator()(double value) const { return "float " + number_text(value); }
  std::string operator()(const Data& value) const { return "string " + quote(value.bytes); }
  std::string operator()(const std::string& value) const { return "string " + quote(value); }
  std::string operator()(const List&) const { return "list"; }
  std::string operator()(const Map&) const { return "map"; }
  std::string operator()(Function) const { return "function"; }
  std::string operator()(Opaque value) const { return std::string(value.type); }
};

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "'";
  for (const char character : text.substr(0, shown_bytes)) append_escaped(out, character);
  out += text.size() > shown_bytes ? "...'" : "'";
  return out;
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

std::string describe(const Value& value) {
  return std::visit(Describer{}, value.held);
}

}  // namespace simws::script
