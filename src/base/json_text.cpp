#include "base/json_text.h"

#include "base/utf8.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace simws {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_escaped(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto code = static_cast<unsigned char>(c);
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += c;
      break;
    case '\n':
      out += 'n';
      break;
    case '\r':
      out += 'r';
      break;
    case '\t':
      out += 't';
      break;
    default:
      out.append("u00").append(1, digits[code >> 4]).append(1, digits[code & 15]);
  }
}

// What needs no escape is appended in runs.
void append_escaped(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_escaped(text[i])) continue;
    out.append(text, begin, i - begin);
    append_escape(out, text[i]);
    begin = i + 1;
  }
  out.append(text, begin);
}

// What breaks off in the middle of a character, or begins none, stands for one.
void append_repaired(std::string& out, std::string_view text) {
  Utf8Validator validator;
  std::size_t begin = 0;  // of the character under way
  for (std::size_t at = 0; at < text.size();) {
    if (validator.consume(as_bytes(text.substr(at, 1)))) {
      ++at;
      if (!validator.complete()) continue;
      append_escaped(out, text.substr(begin, at - begin));
    } else {
      validator.reset();
      out += replacement;
      if (at == begin) ++at;  // otherwise it may begin the next one
    }
    begin = at;
  }
  if (begin < text.size()) out += replacement;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size() + 2);
  out += '"';
  if (is_utf8(as_bytes(text))) {
    append_escaped(out, text);
  } else {
    append_repaired(out, text);
  }
  out += '"';
}

JsonText& JsonText::begin(char bracket) {
  separate();
  text_ += bracket;
  return *this;
}

JsonText& JsonText::end(char bracket) {
  text_ += bracket;
  return *this;
}

void JsonText::separate() {
  const char last = text_.empty() ? '[' : text_.back();
  if (last != '[' && last != '{' && last != ':') text_ += ',';
}

JsonText& JsonText::name(std::string_view name) {
  text(name);
  text_ += ':';
  return *this;
}

JsonText& JsonText::text(std::string_view value) {
  separate();
  append_json_string(text_, value);
  return *this;
}

JsonText& JsonText::texts(std::span<const std::string_view> values) {
  begin_array();
  for (const std::string_view value : values) text(value);
  return end_array();
}

JsonText& JsonText::literal(std::string_view value) {
  separate();
  text_.append(value);
  return *this;
}

JsonText& JsonText::number(double value) {
  if (!std::isfinite(value)) return null();
  std::array<char, 32> digits;
  const int size = std::snprintf(digits.data(), digits.size(), "%.15g", value);
  return literal({digits.data(), static_cast<std::size_t>(size)});
}

}  // namespace simws
