#ifdef _WIN32

#include "transport/process.h"

namespace simws::transport {

ChildProcess::~ChildProcess() = default;

Result<Spawned> spawn(const std::string& program) {
  return Error{ErrorCode::invalid_state,
               program + " can't be started: on Windows servers start no programs yet"};
}

std::string find_program(std::string_view) {
  return {};
}

}  // namespace simws::transport

#endif
