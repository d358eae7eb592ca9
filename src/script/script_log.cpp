#include "script/script_log.h"

#include <utility>

namespace simws::script {

ScriptLog::ScriptLog(Logger host, Logger errors, std::shared_ptr<LogBoard> board,
                     std::function<void()> wake)
    : host_(std::move(host)),
      errors_(std::move(errors)),
      wake_(std::move(wake)),
      board_(std::move(board)) {}

void ScriptLog::write(LogLevel level, std::string_view line) {
  board_->add(level, line);
  if (!add(level, line, true)) host_(level, line);
}

void ScriptLog::write_error(std::string_view line) {
  board_->add(LogLevel::error, line);
  if (!add(LogLevel::error, line, false)) errors_(LogLevel::error, line);
}

bool ScriptLog::add(LogLevel level, std::string_view line, bool may_be_left_out) {
  if (!is_kept_ || handling_.load() == std::this_thread::get_id()) return false;
  if (level < least()) return true;
  const std::lock_guard lock(mutex_);
  if (!is_kept_) return false;
  if (may_be_left_out && waiting_.size() >= most_waiting) {
    ++waiting_.back().left_out_after;
    return true;
  }
  waiting_.push_back({{level, std::string(line)}, 0});
  has_waiting_.store(true, std::memory_order_release);
  if (waiting_.size() == 1 && wake_) wake_();
  return true;
}

std::optional<ScriptLog::Line> ScriptLog::take() {
  const std::lock_guard lock(mutex_);
  std::optional<Line> line;
  if (const std::size_t count = std::exchange(left_out_, 0); count > 0) {
    line = {LogLevel::warning, std::to_string(count) + " lines are left out here: more than " +
                                   std::to_string(most_waiting) + " waited for the script"};
  } else if (!waiting_.empty()) {
    line = std::move(waiting_.front().line);
    left_out_ = waiting_.front().left_out_after;
    waiting_.pop_front();
  }
  has_waiting_.store(left_out_ > 0 || !waiting_.empty(), std::memory_order_release);
  return line;
}

void ScriptLog::keep_lines(bool is_kept) {
  {
    const std::lock_guard lock(mutex_);
    is_kept_ = is_kept;
  }
  if (is_kept) return;
  while (const auto line = take()) host_(line->level, line->text);
}

void ScriptLog::end() {
  keep_lines(false);
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
}

}  // namespace simws::script
