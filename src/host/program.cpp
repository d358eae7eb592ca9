#include "host/program.h"

#include "script/endpoint_options.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::host {

int fail(const std::string& message) {
  std::cerr << "simws: " << message << '\n';
  return usage_error;
}

namespace {

// Why the file can't be run; empty: it can be tried.
std::string check_script(const std::string& script) {
  std::error_code error;
  if (!std::filesystem::exists(script, error)) return "there is no script '" + script + "'";
  if (std::filesystem::is_directory(script, error)) {
    return "'" + script + "' is a folder; name a script in it";
  }
  return {};
}

std::string check_step(const std::string& text) {
  if (parse_step(text)) return {};
  const bool is_number = text.find_first_not_of("0123456789.") == std::string::npos;
  if (is_number && !text.empty() && parse_step(text + "s")) {
    return "'" + text + "' has no unit: write " + text + "ms or " + text + "s";
  }
  return "'" + text + "' is no time of a step: write 50ms, 0.05 or 0.05s, from 1ms to 3600s";
}

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (const LogLevel level :
       {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
    if (level_name(level) == text) return level;
  }
  return std::nullopt;
}

std::string check_log_level(const std::string& text) {
  if (parse_log_level(text)) return {};
  return "'" + text + "' is no level: write debug, info, warning or error";
}

// What stands before the first '=' is the name.
std::string check_parameter(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return "'" + text + "' is no named parameter: write name=value";
  }
  const auto checked = script::check_named_parameter(std::string_view(text).substr(0, equals));
  return checked ? std::string() : checked.error().message;
}

class RunFormatter : public CLI::Formatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: simws run [OPTIONS] script.lua|script.py [arguments of the script...]\n";
  }
};

struct RunCommand {
  std::string step = "50ms";
  std::string log_level = "info";
  std::vector<std::string> parameters;
  bool lan = false;
  RunOptions options;

  void add_to(CLI::App& app) {
    app.add_option("--step", step, "Time of a step: 50ms, 0.05 or 0.05s")
        ->check(check_step)
        ->capture_default_str();
    app.add_flag("--threaded", options.threaded,
                 "Give the network a thread of its own also when the script only serves");
    app.add_flag("--lan", lan,
                 "Let other machines of the network connect: as --param simWS.host=*");
    app.add_option("--log-level", log_level,
                   "Least level of log lines: debug, info, warning or error")
        ->check(check_log_level)
        ->capture_default_str();
    app.add_option("--param", parameters,
                   "A named parameter, name=value; simWS.<option>=value sets the default of an "
                   "option of simWS.start. Can be given more than once")
        ->check(check_parameter)
        ->take_all()
        ->allow_extra_args(false);
    app.formatter(std::make_shared<RunFormatter>());
    app.footer(
        "A script that has sysCall_init, sysCall_actuation, sysCall_sensing, sysCall_thread or\n"
        "sysCall_cleanup is stepped as in CoppeliaSim. Any other runs from top to bottom; the\n"
        "servers it started are served afterwards. Ctrl-C ends either, twice at once.\n"
        "Python scripts (.py) run in the python3 of the PATH.");
    app.prefix_command();
  }

  // What follows the options is the script and its own.
  int run(const std::vector<std::string>& rest, const RunScript& run_script) {
    if (rest.empty())
      return fail("which script? Usage: simws run [options] script.lua|script.py [arguments...]");
    if (rest.front().starts_with('-')) {
      return fail("unknown option '" + rest.front() + "'; see simws run --help");
    }
    options.script = rest.front();
    options.arguments.assign(rest.begin() + 1, rest.end());
    options.step = *parse_step(step);
    options.log_level = *parse_log_level(log_level);
    if (lan) options.parameters["simWS.host"] = "*";
    for (const std::string& parameter : parameters) {
      const auto equals = parameter.find('=');
      options.parameters[parameter.substr(0, equals)] = parameter.substr(equals + 1);
    }
    const std::string problem = check_script(options.script);
    return problem.empty() ? run_script(options) : fail(problem);
  }
};

}  // namespace

int run_program(int argc, const char* const* argv, const RunScript& run_script,
                std::span<const Document> documents) {
  CLI::App app("Serves WebSocket connections to scripts written for simulations and robots.",
               "simws");
  app.set_version_flag("--version", "simws " SIMWS_VERSION);
  app.require_subcommand(0, 1);
  RunCommand run;
  CLI::App* const run_command = app.add_subcommand("run", "Runs a Lua or Python script");
  run.add_to(*run_command);
  for (const Document& document : documents) {
    app.add_subcommand(document.command, document.help)->callback([&document] {
      std::cout << document.text();
    });
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : usage_error;
  }
  if (*run_command) return run.run(run_command->remaining(), run_script);
  return app.get_subcommands().empty() ? fail("which command? See simws --help") : 0;
}

}  // namespace simws::host
