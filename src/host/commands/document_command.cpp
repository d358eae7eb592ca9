#include "host/commands/document_command.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace simws::host {

void DocumentCommand::add_to(CLI::App& app) {
  app.group(document_group);
}

int DocumentCommand::run() {
  std::cout << text_();
  return 0;
}

}  // namespace simws::host
