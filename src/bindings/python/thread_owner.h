// Which of the interpreter's threads a script's functions belong to.
#pragma once

#include <string>
#include <string_view>

namespace simws::python {

// Why a process may not call that was forked from the servers' own.
inline constexpr std::string_view refusal_after_fork =
    "this process was forked from one that uses simWS, and its network stayed there; call simWS in "
    "one of them only (with multiprocessing, choose the start method 'spawn')";

// Needs the interpreter's lock.
class ThreadOwner {
 public:
  bool is_current() const;
  // They belong to the calling thread from here on.
  void take();
  // Why the calling thread may not call, with both threads' names.
  std::string refusal() const;

 private:
  unsigned long id_ = 0;
  std::string name_;
};

}  // namespace simws::python
