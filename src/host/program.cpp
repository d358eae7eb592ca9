#include "host/program.h"

#include "host/help_formatter.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace simws::host {

namespace {

void add_command(CLI::App& app, Command& command) {
  command.add_to(*app.add_subcommand(command.name(), command.help()));
}

}  // namespace

int fail(const std::string& message) {
  std::cerr << "simws: " << message << '\n';
  return usage_error;
}

int run_program(int argc, const char* const* argv, const RunScript& run_script, Commands commands) {
  CLI::App app(
      "Runs scripts that serve WebSocket connections for simulations and robots, and serves and\n"
      "connects without a script.",
      "simws");
  app.set_version_flag("--version", "simws " SIMWS_VERSION,
                       "Print the version of the program and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.formatter(std::make_shared<HelpFormatter>());
  app.require_subcommand(0, 1);
  RunCommand run(run_script);
  add_command(app, run);
  for (const auto& command : commands) add_command(app, *command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_error;
  }
  for (const auto& command : commands) {
    if (app.got_subcommand(command->name())) return command->run();
  }
  return app.got_subcommand(run.name()) ? run.run() : fail("which command? See simws --help");
}

}  // namespace simws::host
