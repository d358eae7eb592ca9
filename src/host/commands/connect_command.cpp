#include "host/commands/connect_command.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace simws::host {

namespace {

constexpr const char* footer =
    "A line is sent as one message. On a terminal lines are edited, arrow keys bring back earlier\n"
    "ones, messages begin with \"< \", and Ctrl-D or Ctrl-C closes. In a pipe a message is written "
    "as\n"
    "it came, with a line end behind it; bytes are always written as hex. After the end of input\n"
    "it closes as soon as nothing has come for the time of --wait.\n"
    "\n"
    "Exit status:\n"
    "\n"
    "  0    closed with 1000, 1001 or without a code, by whichever side\n"
    "  1    there is no connection: the last attempt failed\n"
    "  2    the command line is wrong, or a line of the input could not be sent\n"
    "  3    closed with another code, or lost\n"
    "  130  ended by a second Ctrl-C\n";

}  // namespace

void ConnectCommand::add_to(CLI::App& app) {
  client_.add_url(app);
  app.add_flag("--binary", options_.binary,
               "Lines are hex, such as 00ff, and sent as bytes; all messages are written as hex");
  client_.add_options(app);
  add_seconds(app, "--wait", wait_,
              "How long to wait for messages after the end of input; inf: no end");
  client_.add_times(app);
  app.add_flag("--reconnect", reconnects_,
               "Try again after each loss, with growing pauses. Lines wait for it");
  app.footer(footer);
}

int ConnectCommand::run() {
  options_.uri = client_.uri();
  options_.client = client_.options();
  options_.wait = Seconds{wait_};
  if (reconnects_) options_.client.reconnect.emplace();
  return TerminalClient(std::move(options_)).run();
}

}  // namespace simws::host
