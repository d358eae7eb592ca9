#include "host/commands/serve_command.h"

#include "host/commands/served_folder.h"
#include "host/program.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace simws::host {

void ServeCommand::add_to(CLI::App& app) {
  app.add_option("FOLDER", folder_, "The folder whose files are served")->type_name("")->required();
  server_.add_to(app);
  app.footer(
      "index.html stands for its folder; folders without one are not listed. Hidden files, and\n"
      "links that lead out of the folder, are not served. WebSocket connections are closed with\n"
      "1008. Ctrl-C ends it.");
}

int ServeCommand::run() {
  // An answer is in memory as a whole.
  auto folder = ServedFolder::open(folder_, server_.options().max_total_queued_bytes);
  if (!folder) return fail(folder.error().message);
  ServerHandlers handlers;
  handlers.http = [&folder](Connection& connection, const HttpRequest& request) {
    (void)connection.respond(folder->answer(request));
  };
  handlers.open = [](Connection& connection) {
    (void)connection.close(CloseCode::policy_violation, "only files are served here");
  };
  return server_.run(std::move(handlers), "serves the files of " + folder_);
}

}  // namespace simws::host
