#include "protocol/http/syntax.h"

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

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alpha(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

bool is_tchar(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return is_alpha(c) || is_digit(c) || marks.find(c) != marks.npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_tchar);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto value = static_cast<unsigned char>(c);
    return c == '\t' || (value >= 0x20 && value != 0x7f);
  });
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

std::string_view trim_ows(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::size_t list_item_end(std::string_view list) {
  bool in_quotes = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == '"') {
      in_quotes = !in_quotes;
    } else if (list[i] == '\\' && in_quotes) {
      ++i;
    } else if (list[i] == ',' && !in_quotes) {
      return i;
    }
  }
  return list.size();
}

std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value.substr(0, longest_quoted_value)) append_escaped(text, c);
  if (value.size() > longest_quoted_value) text += "...";
  return text += "'";
}

}  // namespace simws::protocol::http
