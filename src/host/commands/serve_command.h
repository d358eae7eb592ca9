// `simws serve`.
#pragma once

#include "host/command.h"
#include "host/commands/quick_server.h"

#include <simws/files.h>

#include <string>

namespace simws::host {

class ServeCommand : public Command {
 public:
  const char* name() const override { return "serve"; }
  const char* help() const override { return "Starts a web server for the files of a folder"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  std::string folder_;
  FileOptions options_;
  QuickServer server_;
};

}  // namespace simws::host
