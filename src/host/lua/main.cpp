// The program `simws`: runs scripts that serve, without a simulator.
#include "host/lua/lua_script.h"
#include "host/program.h"
#include "host/script_host.h"

#include <csignal>
#include <cstdio>
#include <filesystem>

namespace {

using simws::host::RunOptions;

int run_script(const RunOptions& options) {
  if (std::filesystem::path(options.script).extension() == ".py") {
    return simws::host::fail("'" + options.script +
                             "' is a Python script; this build runs Lua scripts only");
  }
  // What a script prints is seen at once by whoever reads it through a pipe.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
#ifdef SIGPIPE
  std::signal(SIGPIPE, SIG_IGN);
#endif
  simws::dispatch::Network network;
  simws::host::Simulation simulation(options);
  simws::host::LuaScript script(simulation);
  simws::host::ScriptHost host(options, network, simulation, script);
  return host.run();
}

}  // namespace

int main(int argc, char** argv) {
  return simws::host::run_program(argc, argv, run_script);
}
