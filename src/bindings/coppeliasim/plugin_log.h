// Log lines to the simulator's log.
#pragma once

#include "bindings/coppeliasim/simulator.h"

#include <simws/log.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace simws::coppeliasim {

// `write` is for any thread, all else for the simulation's. The simulator's own log keeps lines
// apart by nothing but the thread they come from, so those of other threads wait for it: so many at
// the most, for peers can cause them while no pass comes. Of what is left out the log tells the
// number.
class PluginLog {
 public:
  static constexpr std::size_t most_waiting = 1000;
  static constexpr std::size_t most_in_pass = 100;

  PluginLog(const Simulator& simulator, std::string plugin_name)
      : simulator_(simulator), plugin_name_(std::move(plugin_name)) {}

  void write(LogLevel level, std::string line);
  // Writes what waits, as far as this pass may; costs next to nothing when nothing does.
  void flush() {
    if (has_waiting_.load(std::memory_order_acquire)) write_waiting();
  }
  void begin_pass() {
    left_in_pass_ = most_in_pass;
    flush();
  }
  void write_all() {
    left_in_pass_ = most_waiting;
    flush();
  }
  // Lines of level debug are shown as those of level info are.
  void set_verbose(bool is_verbose) { is_verbose_.store(is_verbose); }
  // What is worth saying once, however many simulations start.
  bool has_advised() const { return has_advised_; }
  void note_advised() { has_advised_ = true; }

 private:
  struct Line {
    LogLevel level = LogLevel::info;
    std::string text;
    std::size_t left_out_after = 0;  // how many there was no room for
  };

  void write_waiting();
  void write_now(LogLevel level, const std::string& text) const;

  const Simulator& simulator_;
  const std::string plugin_name_;
  const std::thread::id thread_ = std::this_thread::get_id();
  bool has_advised_ = false;
  std::atomic<bool> is_verbose_{false};
  std::atomic<bool> has_waiting_{false};
  std::size_t left_in_pass_ = most_in_pass;
  std::mutex mutex_;
  std::deque<Line> waiting_;
};

}  // namespace simws::coppeliasim
