// What is written to standard output, at the pace of whoever reads it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace simws::host {

class OutputQueue {
 public:
  // The descriptor isn't its own.
  explicit OutputQueue(int descriptor) : descriptor_(descriptor) {}

  void add(std::string_view text) { text_ += text; }
  std::size_t size() const { return text_.size() - written_; }
  bool is_empty() const { return size() == 0; }

  // Writes what is taken at once; with `waits` all of it. False: nobody takes it any more.
  bool flush(bool waits);

 private:
  int descriptor_;
  std::string text_;
  std::size_t written_ = 0;  // of it, from its start
};

}  // namespace simws::host
