// Where a script's log lines go: to the log of its host, or to the script itself, for which they
// wait.
#pragma once

#include "base/log_board.h"

#include <simws/log.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace simws::script {

// Servers log after their script has ended too, so it's shared with them. `write` is for any
// thread, all else for the script's.
class ScriptLog {
 public:
  static constexpr std::size_t most_waiting = 1000;

  struct Line {
    LogLevel level = LogLevel::info;
    std::string text;
  };

  // `errors` is the host's for what the script itself did wrong. `board` has all lines, and says
  // which may wait. `wake` is called, on whatever thread, when a line begins to wait; it may not
  // throw.
  ScriptLog(Logger host, Logger errors, std::shared_ptr<LogBoard> board,
            std::function<void()> wake);

  // Beyond `most_waiting` lines are left out, and counted in one that is taken in their place.
  void write(LogLevel level, std::string_view line);
  // Is never left out.
  void write_error(std::string_view line);
  // Is on the board already, if it belongs there.
  void write_to_host(LogLevel level, std::string_view line) const { host_(level, line); }

  // Of lines that wait; the host's log has its own. From any thread.
  LogLevel least() const { return board_->least(); }
  void set_least(LogLevel least) { board_->set_least(least); }
  const std::shared_ptr<LogBoard>& board() const { return board_; }

  // Whether lines wait from here on. Those that do go to the host when they don't any more.
  void keep_lines(bool is_kept);
  bool keeps_lines() const { return is_kept_; }
  bool has_waiting() const { return has_waiting_.load(std::memory_order_acquire); }
  // The oldest.
  std::optional<Line> take();
  // The script takes no more, and `wake` isn't called again.
  void end();

  // While the script handles a line, what its thread logs goes to the host.
  class Handling {
   public:
    explicit Handling(ScriptLog& log) : log_(log) { log_.handling_ = std::this_thread::get_id(); }
    ~Handling() { log_.handling_ = std::thread::id(); }
    Handling(const Handling&) = delete;
    Handling& operator=(const Handling&) = delete;

   private:
    ScriptLog& log_;
  };

 private:
  struct Waiting {
    Line line;
    std::size_t left_out_after = 0;
  };

  // False: it's for the host.
  bool add(LogLevel level, std::string_view line, bool may_be_left_out);

  const Logger host_;
  const Logger errors_;
  std::function<void()> wake_;
  const std::shared_ptr<LogBoard> board_;
  std::atomic<std::thread::id> handling_{};
  std::atomic<bool> is_kept_{false};
  std::atomic<bool> has_waiting_{false};
  std::mutex mutex_;
  std::deque<Waiting> waiting_;
  std::size_t left_out_ = 0;  // after the line taken last
};

}  // namespace simws::script
