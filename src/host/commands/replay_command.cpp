#include "host/commands/replay_command.h"

#include "host/commands/number_checks.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <utility>

namespace simws::host {

namespace {

constexpr const char* footer =
    "Every connection gets the messages that were sent, and what was published; pages that speak\n"
    "simws.topics.1 subscribe to topics as at the server that was recorded. What that server\n"
    "received isn't sent. It ends with the recording, or with Ctrl-C.\n"
    "\n"
    "Exit status:\n"
    "\n"
    "  0    all was sent, or ended by Ctrl-C\n"
    "  1    the port can't be had, or the file can't be read, or not to its end\n"
    "  2    the command line is wrong\n";

std::string check_speed(const std::string& text) {
  constexpr double slowest = 0.001;
  constexpr double fastest = 1000;
  const double factor = checked_number(text);
  if (factor >= slowest && factor <= fastest) return {};
  return "'" + text + "' is no speed: write how many times as fast, 0.001 to 1000";
}

}  // namespace

void ReplayCommand::add_to(CLI::App& app) {
  app.add_option("FILE", file_, "The recording")->type_name("FILE")->required();
  server_.add_to(app);
  app.add_option("--speed", options_.speed, "How many times as fast as it was recorded")
      ->type_name("FACTOR")
      ->check(check_speed)
      ->capture_default_str();
  app.add_flag("--loop", options_.loops, "Begin again at its end, until Ctrl-C");
  app.add_flag("--wait", options_.waits, "Begin when the first viewer has connected");
  app.add_flag("--retain", options_.retains,
               "Keep the latest of each topic and key for viewers that come later");
  app.footer(footer);
}

int ReplayCommand::run() {
  auto file = recording::InputFile::open(file_);
  if (!file) {
    std::cerr << "simws: " << file.error().message << '\n';
    return 1;
  }
  Replayer replayer(std::move(file).value(), options_);
  server_.options().topics = {"#"};
  const int exit_code =
      server_.run(replayer.handlers(), replayer.describe(), [&](Server& server, EventLoop& loop) {
        replayer.attach(server, loop);
        return Result<void>();
      });
  if (exit_code != 0) return exit_code;
  const std::string& problem = replayer.problem();
  std::cerr << "simws: " << replayer.summary() << (problem.empty() ? "" : "; " + problem) << '\n';
  return problem.empty() ? 0 : 1;
}

}  // namespace simws::host
