// Log lines on their way to where they're written.
#pragma once

#include "base/clock.h"
#include "base/log_output.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace simws {

// Writes whole lines in order, each at once where that needs no waiting. Otherwise lines wait in a
// buffer for a thread of its own, which is made when first needed. What doesn't fit is left out, as
// is all that comes before the buffer is empty again; then one line tells how many.
//
// Any thread may call any function. A process that was forked off only writes what is taken at
// once.
class LogWriter {
 public:
  static constexpr std::size_t most_lines = 1000;
  static constexpr std::size_t most_bytes = std::size_t{1} << 20;  // a longer line waits alone
  static constexpr std::chrono::milliseconds longest_end{300};

  explicit LogWriter(std::unique_ptr<LogOutput> output);
  ~LogWriter();  // as `finish`
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // Lines end with their newline. This never waits for the output.
  void write(std::string line);
  // Waits until the line is written, or until `gives_up`, which is asked again and again, or
  // `finish`. There's always room for it.
  void write_and_wait(std::string line, const std::function<bool()>& gives_up);
  // What waits is written for so long at the most. Later lines are written at once or not at all.
  void finish(std::chrono::milliseconds longest = longest_end);

 private:
  // What its thread works on, which may be left behind in a write that doesn't end.
  struct Buffer {
    std::unique_ptr<LogOutput> output;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::string> lines;
    std::size_t bytes = 0;  // of all lines
    std::size_t written_of_first = 0;
    std::uint64_t lines_taken = 0;  // into the buffer, ever
    std::uint64_t lines_written = 0;
    std::size_t left_out = 0;
    std::optional<Time> ends_at;
    bool has_thread_ended = false;

    bool has_room(std::size_t size) const;
    void add(std::string line);
    void remove_written(std::size_t count);
    void write_all();
  };

  // With the mutex held. Leaves what wasn't taken; true: nothing is to be done with that.
  bool write_at_once(std::string& line);
  void add(std::string line);
  void start();

  const std::shared_ptr<Buffer> buffer_;
  std::thread thread_;
};

}  // namespace simws
