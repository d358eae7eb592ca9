#include "protocol/http/syntax.h"

#include <array>

namespace simws::protocol::http {

namespace {

constexpr std::size_t longest_quoted_value = 100;

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(c);
  if (value < 0x20 || value > 0x7e) {
    out += "\\x";
    out += digits[value >> 4];
    out += digits[value & 15];
    return;
  }
  if (c == '\'' || c == '\\') out += '\\';
  out += c;
}

constexpr std::array<bool, 256> make_tchar_table() {
  std::array<bool, 256> table{};
  for (unsigned value = 0; value < 128; ++value) {
    const char c = static_cast<char>(value);
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    table[value] = is_alpha(c) || is_digit(c) || marks.find(c) != marks.npos;
  }
  return table;
}

}  // namespace

bool is_tchar(char c) {
  static constexpr std::array<bool, 256> table = make_tchar_table();
  return table[static_cast<unsigned char>(c)];
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_tchar);
}

std::string_view trim_ows(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::size_t list_item_end(std::string_view list, char separator) {
  bool in_string = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '"') {
      in_string = !in_string;
    } else if (list[i] == '\\' && in_string) {
      ++i;
    } else if (list[i] == separator && !in_string) {
      return i;
    }
  }
  return list.size();
}

std::string in_quotes(std::string_view value) {
  std::string text = "'";
  for (const char c : value.substr(0, longest_quoted_value)) append_escaped(text, c);
  if (value.size() > longest_quoted_value) text += "...";
  return text += "'";
}

}  // namespace simws::protocol::http
