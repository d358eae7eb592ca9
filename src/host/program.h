// The command line of the program `simws`, whatever the language of the script.
#pragma once

#include "host/run_options.h"

#include <functional>
#include <string>

namespace simws::host {

inline constexpr int usage_error = 2;

// Runs a script and returns the exit code.
using RunScript = std::function<int(const RunOptions&)>;

// Returns the exit code.
int run_program(int argc, const char* const* argv, const RunScript& run_script);

// Tells the user on standard error what can't be done, and returns the exit code.
int fail(const std::string& message);

}  // namespace simws::host
