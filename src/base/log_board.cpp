#include "base/log_board.h"

#include "base/clock.h"
#include "base/cut_text.h"

namespace simws {

void LogBoard::add(LogLevel level, std::string_view text) noexcept {
  try {
    Line line{0, unix_milliseconds(), level, std::string(cut_text(text, longest_line))};
    const std::lock_guard lock(mutex_);
    line.number = latest_ + 1;
    lines_.push_back(std::move(line));
    ++latest_;
    if (lines_.size() > most_lines) lines_.pop_front();
  } catch (...) {
    // It's written all the same.
  }
}

std::vector<LogBoard::Line> LogBoard::lines_after(std::uint64_t number, std::size_t most) const {
  std::vector<Line> lines;
  const std::lock_guard lock(mutex_);
  for (const Line& line : lines_) {
    if (lines.size() == most) break;
    if (line.number > number) lines.push_back(line);
  }
  return lines;
}

}  // namespace simws
