// Messages as people and other programs read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace simws::host {

// What may be shown on a terminal without driving it: control characters but for line ends and
// tabs, and those that turn the direction of writing, become their numbers, and so do bytes that
// aren't UTF-8.
std::string safe_for_terminal(std::string_view text);

// Two digits a byte, in small letters.
std::string to_hex(std::string_view bytes);
// Spaces and tabs may stand between bytes. Nothing: it's not that.
std::optional<std::string> from_hex(std::string_view text);

}  // namespace simws::host
