#include "strict.h"

#include "stacks.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

namespace simhost {

namespace {

std::thread::id simulation_thread;
std::atomic<bool> is_plugin_alive = false;
PluginEntry* innermost = nullptr;

}  // namespace

void misuse(std::string_view function, std::string_view what) {
  std::fprintf(stderr, "MISUSE %.*s: %.*s\n", static_cast<int>(function.size()), function.data(),
               static_cast<int>(what.size()), what.data());
  std::fflush(stderr);
  std::abort();
}

PluginEntry::PluginEntry(std::string reason)
    : reason_(std::move(reason)),
      stacks_(stacks().count_of_plugin()),
      buffers_(buffers().count()),
      outer_(std::exchange(innermost, this)) {}

PluginEntry::~PluginEntry() {
  innermost = outer_;
  if (stacks().count_of_plugin() != stacks_) misuse(reason_, "left a stack that it created");
  if (buffers().count() != buffers_) misuse(reason_, "left a buffer that it got");
}

void begin_simulation_thread() {
  simulation_thread = std::this_thread::get_id();
}

void set_plugin_lives(bool lives) {
  is_plugin_alive = lives;
}

// A plugin that is unloaded within one of its own calls is still to return from it.
void check_lives(const char* function) {
  const bool is_under_way = std::this_thread::get_id() == simulation_thread && innermost;
  if (!is_plugin_alive && !is_under_way) misuse(function, "called while the plugin isn't loaded");
}

void check_use(const char* function) {
  if (std::this_thread::get_id() != simulation_thread) {
    misuse(function, "called from a thread that isn't the simulation's");
  }
  check_lives(function);
  if (!innermost) misuse(function, "called from outside the plugin's functions");
}

}  // namespace simhost
