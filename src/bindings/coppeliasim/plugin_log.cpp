#include "bindings/coppeliasim/plugin_log.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace simws::coppeliasim {

namespace {

// Script levels: they are shown by default, as a script's own lines are.
int verbosity_of(LogLevel level, bool is_verbose) {
  switch (level) {
    case LogLevel::debug:
      return is_verbose ? verbosity::script_infos : verbosity::debug;
    case LogLevel::info:
      return verbosity::script_infos;
    case LogLevel::warning:
      return verbosity::warnings;
    case LogLevel::error:
      return verbosity::script_errors;
  }
  return verbosity::errors;
}

}  // namespace

void PluginLog::write(LogLevel level, std::string line) {
  if (std::this_thread::get_id() == thread_) {
    flush();
    return write_now(level, line);
  }
  const std::lock_guard lock(mutex_);
  if (waiting_.size() == most_waiting) {
    ++waiting_.back().left_out_after;
    return;
  }
  waiting_.push_back({level, std::move(line)});
  has_waiting_.store(true, std::memory_order_release);
}

void PluginLog::write_waiting() {
  std::vector<Line> lines;
  {
    const std::lock_guard lock(mutex_);
    const auto begin = waiting_.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(left_in_pass_, waiting_.size()));
    lines.assign(std::move_iterator(begin), std::move_iterator(end));
    waiting_.erase(begin, end);
    has_waiting_.store(!waiting_.empty(), std::memory_order_release);
  }
  left_in_pass_ -= lines.size();
  for (const Line& line : lines) {
    write_now(line.level, line.text);
    if (line.left_out_after == 0) continue;
    write_now(LogLevel::warning, std::to_string(line.left_out_after) +
                                     " lines are left out here: more than " +
                                     std::to_string(most_waiting) + " waited for the simulation");
  }
}

void PluginLog::write_now(LogLevel level, const std::string& text) const {
  simulator_.add_log(plugin_name_.c_str(), verbosity_of(level, is_verbose_.load()), text.c_str());
}

}  // namespace simws::coppeliasim
