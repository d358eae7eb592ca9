// The latest lines of a log, for whoever watches it, and from which level on lines are written.
#pragma once

#include <simws/log.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace simws {

// Any thread may call any function.
class LogBoard {
 public:
  static constexpr std::size_t most_lines = 200;
  static constexpr std::size_t longest_line = 2000;  // in bytes; what is longer is cut

  struct Line {
    std::uint64_t number = 0;  // from 1, without gaps
    double time = 0;           // by the system's clock, in milliseconds since 1970
    LogLevel level = LogLevel::info;
    std::string text;
  };

  explicit LogBoard(LogLevel least = LogLevel::info) : least_(least) {}

  // Lines of any level are on it. Where memory has run out one is left out.
  void add(LogLevel level, std::string_view text) noexcept;
  // Those behind that number which are still there: the oldest, so many at most.
  std::vector<Line> lines_after(std::uint64_t number, std::size_t most) const;

  // For those that write lines.
  LogLevel least() const { return least_.load(std::memory_order_relaxed); }
  void set_least(LogLevel least) { least_.store(least, std::memory_order_relaxed); }

 private:
  mutable std::mutex mutex_;
  std::deque<Line> lines_;
  std::uint64_t latest_ = 0;
  std::atomic<LogLevel> least_;
};

}  // namespace simws
