#include "host/commands/record_command.h"

#include "host/commands/number_checks.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace simws::host {

namespace {

constexpr const char* footer =
    "The file is JSON lines; .gz or .zst at the end of its name compresses it. What was lost, "
    "with\n"
    "the connection, shows in it. When the connection is lost, it tries again with growing "
    "pauses;\n"
    "Ctrl-C ends it well. `simws replay` serves the file again.\n"
    "\n"
    "Exit status:\n"
    "\n"
    "  0    ended by Ctrl-C, by --seconds or --messages, or by the server with 1000\n"
    "  1    there was no connection, or the file could not be written\n"
    "  2    the command line is wrong\n"
    "  3    the server closed with a code after which nobody tries again\n";

}  // namespace

void RecordCommand::add_to(CLI::App& app) {
  client_.add_url(app);
  app.add_option("FILE", options_.file, "The file, which is replaced; - for standard output")
      ->type_name("FILE")
      ->required();
  app.add_option("--subscribe", options_.topics,
                 "Topic to subscribe to, or a pattern such as robots/#, by simws.topics.1. Can be "
                 "given more than once")
      ->type_name("TOPIC")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--seconds", seconds_, "End after so long")
      ->type_name("SECONDS")
      ->check(check_duration);
  app.add_option("--messages", options_.messages, "End after so many messages")
      ->type_name("COUNT")
      ->check(check_count);
  client_.add_options(app);
  client_.add_times(app);
  app.footer(footer);
}

int RecordCommand::run() {
  options_.uri = client_.uri();
  options_.client = client_.options();
  if (seconds_) options_.seconds = Seconds{*seconds_};
  return StreamRecorder(std::move(options_)).run();
}

}  // namespace simws::host
