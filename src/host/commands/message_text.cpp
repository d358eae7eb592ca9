#include "host/commands/message_text.h"

#include "base/bytes.h"
#include "base/utf8.h"

#include <cstddef>

namespace simws::host {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::optional<unsigned> digit_value(char c) {
  const auto lower = static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
  const std::size_t value = digits.find(lower);
  if (value == digits.npos) return std::nullopt;
  return static_cast<unsigned>(value);
}

// Bytes of a character that begins so, if it is one.
std::size_t sequence_size(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// The character at the start, or one byte that begins none.
std::string_view take_character(std::string_view& text) {
  std::string_view character = text.substr(0, sequence_size(text.front()));
  if (!is_utf8(as_bytes(character))) character = text.substr(0, 1);
  text.remove_prefix(character.size());
  return character;
}

char32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  char32_t code = byte(0) & (0x7Fu >> character.size());
  for (std::size_t i = 1; i < character.size(); ++i) code = code << 6 | (byte(i) & 0x3Fu);
  return code;
}

// C0, DEL and C1, the characters of bidirectional text that aren't seen, line separators, and bytes
// alone, which are none.
bool drives_terminal(char32_t code) {
  if (code == '\n' || code == '\t') return false;
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C ||
         (code >= 0x200E && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

void append_number(std::string& out, std::string_view character, char32_t code) {
  if (character.size() == 1) {
    out += "\\x" + to_hex(character);
    return;
  }
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[code >> shift & 15];
}

}  // namespace

std::string safe_for_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::string_view character = take_character(text);
    const char32_t code = code_point(character);
    const bool is_lone_byte = character.size() == 1 && code >= 0x80;
    if (is_lone_byte || drives_terminal(code)) {
      append_number(out, character, code);
    } else {
      out += character;
    }
  }
  return out;
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    if (text.front() == ' ' || text.front() == '\t') {
      text.remove_prefix(1);
      continue;
    }
    if (text.size() < 2) return std::nullopt;
    const auto high = digit_value(text[0]);
    const auto low = digit_value(text[1]);
    if (!high || !low) return std::nullopt;
    bytes += static_cast<char>(*high << 4 | *low);
    text.remove_prefix(2);
  }
  return bytes;
}

}  // namespace simws::host
