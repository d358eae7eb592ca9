// Why a load can't go on. Thrown, and caught at this room's door: `run_load` makes a Result of it.
#pragma once

#include <string>

namespace simws::load {

struct Failure {
  std::string what;  // for people, one sentence
};

[[noreturn]] void give_up(std::string what);
// With the system's words for the error.
[[noreturn]] void give_up(std::string what, int error);

}  // namespace simws::load
