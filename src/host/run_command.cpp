#include "host/run_command.h"

#include "host/help_formatter.h"
#include "host/log_level_option.h"
#include "host/program.h"
#include "script/endpoint_options.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <string_view>

namespace simws::host {

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

// What stands before the first '=' is the name.
std::string check_parameter(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return "'" + text + "' is no named parameter: write name=value";
  }
  const auto checked = script::check_named_parameter(std::string_view(text).substr(0, equals));
  return checked ? std::string() : checked.error().message;
}

class RunFormatter : public HelpFormatter {
 public:
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: simws run [OPTIONS] script.lua|script.py [arguments of the script...]\n";
  }
};

}  // namespace

void RunCommand::add_to(CLI::App& app) {
  app_ = &app;
  app.add_option("--step", step_, "Time of a step: 50ms, 0.05 or 0.05s")
      ->type_name("TIME")
      ->check(check_step)
      ->capture_default_str();
  app.add_flag("--threaded", options_.threaded,
               "Give the network a thread of its own also when the script only serves");
  app.add_flag("--lan", lan_, "Let other machines of the network connect: as --param simWS.host=*");
  app.add_flag("--inspector", inspector_,
               "Give each server its live page at /_simws/: as --param simWS.inspector=true");
  add_log_level_option(app, options_.log_level);
  app.add_option("--param", parameters_,
                 "A named parameter; simWS.<option>=value sets the default of an option of "
                 "simWS.start. Can be given more than once")
      ->type_name("NAME=VALUE")
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
int RunCommand::run() {
  const std::string problem = take_script(app_->remaining());
  if (!problem.empty()) return fail(problem);
  options_.step = *parse_step(step_);
  take_parameters();
  return run_script_(options_);
}

std::string RunCommand::take_script(const std::vector<std::string>& rest) {
  if (rest.empty())
    return "which script? Usage: simws run [options] script.lua|script.py [arguments...]";
  if (rest.front().starts_with('-')) {
    return "unknown option '" + rest.front() + "'; see simws run --help";
  }
  options_.script = rest.front();
  options_.arguments.assign(rest.begin() + 1, rest.end());
  return check_script(options_.script);
}

void RunCommand::take_parameters() {
  if (lan_) options_.parameters["simWS.host"] = "*";
  if (inspector_) options_.parameters["simWS.inspector"] = "true";
  for (const std::string& parameter : parameters_) {
    const auto equals = parameter.find('=');
    options_.parameters[parameter.substr(0, equals)] = parameter.substr(equals + 1);
  }
}

}  // namespace simws::host
