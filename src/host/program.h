// The command line of the program `simws`.
#pragma once

#include "host/command.h"
#include "host/run_command.h"

#include <memory>
#include <span>
#include <string>

namespace simws::host {

inline constexpr int usage_error = 2;

// What the program can do besides `simws run`.
using Commands = std::span<const std::unique_ptr<Command>>;

// Returns the exit code.
int run_program(int argc, const char* const* argv, const RunScript& run_script,
                Commands commands = {});

// Tells the user on standard error what can't be done, and returns the exit code.
int fail(const std::string& message);

}  // namespace simws::host
