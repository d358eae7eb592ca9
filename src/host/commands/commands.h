// All that the program does besides running scripts.
#pragma once

#include "host/command.h"

#include <memory>
#include <vector>

namespace simws::host {

// In the order of the help.
std::vector<std::unique_ptr<Command>> make_commands();

}  // namespace simws::host
