// What the simulator forgives or answers with undefined behaviour, this host doesn't: it says what
// the plugin did wrong and aborts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace simhost {

// Prints `MISUSE <function>: <what>` and aborts. From any thread.
[[noreturn]] void misuse(std::string_view function, std::string_view what);

// While one lives the plugin runs, called for `reason`. What it takes from the core it gives back
// before it returns. Entries nest: callbacks of scripts call the plugin again.
class PluginEntry {
 public:
  explicit PluginEntry(std::string reason);
  ~PluginEntry();
  PluginEntry(const PluginEntry&) = delete;
  PluginEntry& operator=(const PluginEntry&) = delete;

 private:
  std::string reason_;
  std::size_t stacks_;
  std::size_t buffers_;
  PluginEntry* outer_;
};

// Names the thread of the simulation: the caller's.
void begin_simulation_thread();
// Between `simInit` and the return of `simCleanup` the plugin may use the core.
void set_plugin_lives(bool lives);

// At the begin of each function of the core: the right thread, within an entry, of a living plugin.
void check_use(const char* function);
// For the functions that any thread may call.
void check_lives(const char* function);

}  // namespace simhost
