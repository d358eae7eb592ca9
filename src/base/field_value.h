// What the value of an HTTP field may hold (RFC 9110, 5.5).
#pragma once

#include <algorithm>
#include <string_view>

namespace simws {

// No control character but the tab.
inline bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto value = static_cast<unsigned char>(c);
    return c == '\t' || (value >= 0x20 && value != 0x7f);
  });
}

}  // namespace simws
