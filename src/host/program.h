// The command line of the program `simws`, whatever the language of the script.
#pragma once

#include "host/run_options.h"

#include <functional>
#include <span>
#include <string>

namespace simws::host {

inline constexpr int usage_error = 2;

// Runs a script and returns the exit code.
using RunScript = std::function<int(const RunOptions&)>;

// A command that prints what is made from the table of functions.
struct Document {
  const char* command;
  const char* help;
  std::string (*text)();
};

// Returns the exit code.
int run_program(int argc, const char* const* argv, const RunScript& run_script,
                std::span<const Document> documents = {});

// Tells the user on standard error what can't be done, and returns the exit code.
int fail(const std::string& message);

}  // namespace simws::host
