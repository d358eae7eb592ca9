// Where log lines are written to, which may stand still: a pipe that nobody reads.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace simws {

// `write` is for one thread, all else for any. What can never be written counts as taken: nobody
// could be told.
class LogOutput {
 public:
  virtual ~LogOutput() = default;

  // How much of the text was taken without waiting.
  virtual std::size_t write_at_once(std::string_view text) = 0;
  // Waits for room, so long at the most, then writes: where a system can't do that without waiting,
  // and others write to the same, it may wait for good.
  virtual std::size_t write(std::string_view text, std::chrono::milliseconds longest) = 0;
  // This process was forked off the one that made it, of which it has one thread, and locks as they
  // were.
  virtual bool is_forked() const = 0;
};

std::unique_ptr<LogOutput> make_stderr_output();

}  // namespace simws
