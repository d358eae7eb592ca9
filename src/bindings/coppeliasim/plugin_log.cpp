#include "bindings/coppeliasim/plugin_log.h"

#include <utility>

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
  Line made{level, std::move(line)};
  if (std::this_thread::get_id() == thread_) {
    flush();
    return write_now(made);
  }
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(made));
  has_waiting_.store(true, std::memory_order_release);
}

void PluginLog::write_waiting() {
  std::vector<Line> lines;
  {
    const std::lock_guard lock(mutex_);
    lines.swap(waiting_);
    has_waiting_.store(false, std::memory_order_release);
  }
  for (const Line& line : lines) write_now(line);
}

void PluginLog::write_now(const Line& line) const {
  simulator_.add_log(plugin_name_.c_str(), verbosity_of(line.level, is_verbose_.load()),
                     line.text.c_str());
}

}  // namespace simws::coppeliasim
