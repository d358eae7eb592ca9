// Log lines to the simulator's log.
#pragma once

#include "bindings/coppeliasim/simulator.h"

#include <simws/log.h>

#include <atomic>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace simws::coppeliasim {

// `write` is for any thread, all else for the simulation's. The simulator's own log keeps lines
// apart by nothing but the thread they come from, so those of other threads wait for it.
class PluginLog {
 public:
  PluginLog(const Simulator& simulator, std::string plugin_name)
      : simulator_(simulator), plugin_name_(std::move(plugin_name)) {}

  void write(LogLevel level, std::string line);
  // Writes what waits; costs next to nothing when nothing does.
  void flush() {
    if (has_waiting_.load(std::memory_order_acquire)) write_waiting();
  }
  // Lines of level debug are shown as those of level info are.
  void set_verbose(bool is_verbose) { is_verbose_.store(is_verbose); }

 private:
  struct Line {
    LogLevel level = LogLevel::info;
    std::string text;
  };

  void write_waiting();
  void write_now(const Line& line) const;

  const Simulator& simulator_;
  const std::string plugin_name_;
  const std::thread::id thread_ = std::this_thread::get_id();
  std::atomic<bool> is_verbose_{false};
  std::atomic<bool> has_waiting_{false};
  std::mutex mutex_;
  std::vector<Line> waiting_;
};

}  // namespace simws::coppeliasim
