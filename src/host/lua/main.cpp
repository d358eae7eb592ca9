// The program `simws`: runs scripts that serve, without a simulator.
#include "host/lua/lua_script.h"
#include "host/lua/python_program.h"
#include "host/program.h"
#include "host/script_host.h"

#include <csignal>
#include <cstdio>
#include <filesystem>

namespace {

using simws::host::RunOptions;

int run_lua(const RunOptions& options) {
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
  return simws::host::run_program(argc, argv, [argv](const RunOptions& options) {
    if (std::filesystem::path(options.script).extension() != ".py") return run_lua(options);
    return simws::host::fail("'" + options.script +
                             "' can't be run: " + simws::host::become_python(argv));
  });
}
