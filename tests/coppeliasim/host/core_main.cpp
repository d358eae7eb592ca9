// The core's own entry point: the program calls it when it has loaded the core.
#include "commands.h"
#include "simulator.h"
#include "strict.h"

#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace simhost {

namespace {

std::unique_ptr<Simulator> the_simulator;

Version version_named(std::string_view name) {
  if (name == "4.6") return Version::v4_6;
  if (name == "4.9") return Version::v4_9;
  if (name == "new") return Version::current;
  misuse("--version", name);
}

Options options_of(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = std::min(argument.find('='), argument.size() - 1);
    const std::string_view name = argument.substr(0, equals);
    const std::string value(argument.substr(equals + 1));
    if (name == "--version") {
      options.version = version_named(value);
    } else if (name == "--core") {
      options.core_path = value;
    } else if (name == "--plugin") {
      options.plugin_path = value;
    } else if (name == "--lua") {
      options.lua_folders.push_back(value);
    } else if (argument == "--repeat-ends") {
      options.repeats_ends = true;
    } else {
      misuse("host", argument);
    }
  }
  return options;
}

}  // namespace

Simulator& simulator() {
  return *the_simulator;
}

}  // namespace simhost

SIMHOST_EXPORT int simhost_main(int count, char** arguments) {
  using namespace simhost;
  begin_simulation_thread();
  the_simulator = std::make_unique<Simulator>(options_of(count, arguments));
  Commands(*the_simulator).run();
  the_simulator.reset();
  return 0;
}
