// libsimWS: what the simulator calls.
#include "base/descriptors.h"
#include "bindings/coppeliasim/library.h"
#include "bindings/coppeliasim/plugin.h"
#include "bindings/coppeliasim/registration.h"
#include "bindings/coppeliasim/simulator.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#ifdef _WIN32
#define SIMWS_EXPORT extern "C" __declspec(dllexport)
#else
#define SIMWS_EXPORT extern "C" __attribute__((visibility("default")))
#endif

namespace {

using namespace simws::coppeliasim;

// The plugin's version, which is positive.
constexpr int initialized = 1;
constexpr int failed = 0;

// The core is open for as long as the plugin calls it.
struct Loaded {
  Loaded(Library library, const Simulator& simulator, const std::string& name)
      : core(std::move(library)), plugin(simulator, name) {}

  Library core;
  Plugin plugin;
};

// Where there's no log to write to.
int refuse(const std::string& message) {
  std::fprintf(stderr, "simWS: %s\n", message.c_str());
  return failed;
}

// In the log of a simulator of whatever version.
int refuse(const Library& core, const InitData& init, const std::string& message) {
  using AddLog = decltype(Simulator::add_log);
  const auto add_log = reinterpret_cast<AddLog>(core.find("simAddLog"));
  if (!add_log) return refuse(message);
  add_log(init.plugin_name, verbosity::errors, message.c_str());
  return failed;
}

int initialize(const InitData& init) {
  simws::open_standard_descriptors();
  auto core = Library::open(init.core_path);
  if (!core) return refuse(core.error().message);
  const auto simulator = find_simulator(*core);
  if (!simulator) return refuse(*core, init, simulator.error().message);
  const auto registered = register_functions(*simulator);
  if (!registered) return refuse(*core, init, registered.error().message);
  const auto loaded = std::make_shared<Loaded>(std::move(*core), *simulator, init.plugin_name);
  served_plugin() = std::shared_ptr<Plugin>(loaded, &loaded->plugin);
  return initialized;
}

}  // namespace

SIMWS_EXPORT int simInit(InitData* init) try {
  if (served_plugin()) return initialized;
  return initialize(*init);
} catch (const std::exception& failure) {
  return refuse(failure.what());
}

// The image stays loaded, and simInit may come again. A script that unloads the plugin from inside
// one of its handlers is still on the stack: then the plugin goes when that returns.
SIMWS_EXPORT void simCleanup() try {
  if (const auto plugin = std::exchange(served_plugin(), nullptr)) plugin->end();
} catch (const std::exception& failure) {
  refuse(failure.what());
}

SIMWS_EXPORT void simMsg(Message* message) try {
  if (const auto plugin = served_plugin()) plugin->on_message(*message);
} catch (const std::exception& failure) {
  refuse(failure.what());
}
