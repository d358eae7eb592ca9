// The program `simws`: runs scripts that serve, without a simulator, and what helps to write them.
#include "base/descriptors.h"
#include "bindings/coppeliasim/lua_files.h"
#include "host/commands/commands.h"
#include "host/commands/document_command.h"
#include "host/descriptor_limit.h"
#include "host/lua/lua_script.h"
#include "host/lua/python_program.h"
#include "host/program.h"
#include "host/script_host.h"
#include "script/python_stubs.h"
#include "script/reference.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace {

using simws::host::Command;
using simws::host::DocumentCommand;
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

void add_documents(std::vector<std::unique_ptr<Command>>& commands) {
  const auto add = [&](const char* name, const char* help, std::string (*text)()) {
    commands.push_back(std::make_unique<DocumentCommand>(name, help, text));
  };
  add("reference", "Prints the reference of the functions, as Markdown",
      simws::script::reference_markdown);
  add("stubs", "Prints the types of the Python module, as a .pyi file",
      simws::script::python_stubs);
  add("coppeliasim-module", "Prints CoppeliaSim's simWS.lua", simws::coppeliasim::module_file);
  add("coppeliasim-completion", "Prints CoppeliaSim's simWS-ce.lua",
      simws::coppeliasim::completion_file);
}

}  // namespace

// What becomes of this program for Python scripts inherits both.
int main(int argc, char** argv) {
  simws::open_standard_descriptors();
  simws::host::raise_descriptor_limit();
  const auto run_script = [argv](const RunOptions& options) {
    if (std::filesystem::path(options.script).extension() != ".py") return run_lua(options);
    return simws::host::fail("'" + options.script +
                             "' can't be run: " + simws::host::become_python(argv));
  };
  auto commands = simws::host::make_commands();
  add_documents(commands);
  return simws::host::run_program(argc, argv, run_script, commands);
}
