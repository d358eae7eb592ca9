#include "host/commands/serve_command.h"

#include "host/program.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace simws::host {

void ServeCommand::add_to(CLI::App& app) {
  app.add_option("FOLDER", folder_, "The folder whose files are served")->type_name("")->required();
  server_.add_to(app);
  app.add_flag("--listing", options_.listing, "List what is in a folder without index.html");
  app.add_option(
         "--fallback", options_.fallback,
         "The file of the folder that answers addresses of no file, for pages that have many")
      ->type_name("FILE");
  app.footer(
      "index.html stands for its folder. Hidden files, and links that lead out of the folder, are\n"
      "not served; FILE.br and FILE.gz are sent in place of FILE to who takes them. WebSocket\n"
      "connections are closed with 1008. Ctrl-C ends it.");
}

int ServeCommand::run() {
  const auto folder = ServedFolder::find(folder_);
  if (!folder) return fail(folder.error().message);
  ServerHandlers handlers;
  handlers.open = [](Connection& connection) {
    (void)connection.close(CloseCode::policy_violation, "only files are served here");
  };
  return server_.run(
      std::move(handlers), "serves the files of " + folder_,
      [&](Server& server, EventLoop&) { return server.serve_files("/", *folder, options_); });
}

}  // namespace simws::host
