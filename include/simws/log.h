// Where log lines go.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace simws {

enum class LogLevel { debug, info, warning, error };

// As it stands in lines and options.
constexpr std::string_view level_name(LogLevel level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

// Takes one line without its newline. Called from the threads of the event loops that use it, so it
// must be safe to call from several threads when several loops share it.
using Logger = std::function<void(LogLevel, std::string_view line)>;

}  // namespace simws
