// Where log lines go.
#pragma once

#include <functional>
#include <string_view>

namespace simws {

enum class LogLevel { debug, info, warning, error };

// Takes one line without its newline. Called from the threads of the event loops that use it, so it
// must be safe to call from several threads when several loops share it.
using Logger = std::function<void(LogLevel, std::string_view line)>;

}  // namespace simws
