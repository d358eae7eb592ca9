// Which of the interpreter's threads a script's functions belong to.
#pragma once

#include <string>

namespace simws::python {

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
