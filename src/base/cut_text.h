// Texts that are cut between characters of UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace simws {

// It isn't a character's first byte.
constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// The beginning of a text, of so many bytes at most.
constexpr std::string_view cut_text(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && continues_character(text[most])) --most;
  return text.substr(0, most);
}

}  // namespace simws
