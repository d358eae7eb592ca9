// Programs of ours that run beside this process, as the system starts and ends them.
#pragma once

#include "transport/socket.h"

#include <simws/result.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace simws::transport {

// A started program, which whoever owns this sees off.
class ChildProcess {
 public:
  ChildProcess() = default;
  explicit ChildProcess(long id) : id_(id) {}
  ChildProcess(ChildProcess&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  // Waits for nobody. A program that hasn't ended by itself after `patience` is asked to (SIGTERM),
  // and after as long again is ended. No handler of signals is set: this process may be others'.
  ~ChildProcess();

  static constexpr std::chrono::milliseconds patience{5000};

  long id() const { return id_; }

 private:
  long id_ = 0;  // 0: none
};

struct Spawned {
  ChildProcess process;
  Socket socket;  // its standard input's other end, for both directions
};

// The program inherits standard output and error, and nothing else that this process has open. It's
// in a group of its own: what is typed at the terminal doesn't end it. Errors: permission_denied,
// unavailable, io; of Windows invalid_state.
Result<Spawned> spawn(const std::string& program);

// A program of simWS's own: beside the program or library that this code is in, in `libexec/simws`
// or `bin` of the folders above, on the PATH, or where packages install it. Empty: in none of
// these.
std::string find_program(std::string_view name);

}  // namespace simws::transport
