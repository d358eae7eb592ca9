// Why a load can't go on. Thrown, and caught at this room's door: `run_load` makes a Result of it.
#pragma once

#include <simws/error.h>

#include <string>

namespace simws::load {

struct Failure {
  std::string what;  // for people, one sentence
  ErrorCode code = ErrorCode::io;
};

[[noreturn]] void give_up(std::string what);
// Of options that can't be used, whatever the server does.
[[noreturn]] void refuse(std::string what);
// With the system's words for the error.
[[noreturn]] void give_up(std::string what, int error);

}  // namespace simws::load
