#include "host/commands/echo_command.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace simws::host {

void EchoCommand::add_to(CLI::App& app) {
  server_.add_to(app);
  app.footer(
      "Text comes back as text, binary as binary. A browser that opens the server's address gets\n"
      "a page to try it with. Ctrl-C ends it.");
}

int EchoCommand::run() {
  ServerHandlers handlers;
  handlers.message = [](Connection& connection, std::string_view data, Opcode opcode) {
    (void)connection.send(data, opcode);  // what came is fit to be sent
  };
  return server_.run(std::move(handlers), "sends back what it gets");
}

}  // namespace simws::host
