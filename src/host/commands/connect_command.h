// `simws connect`.
#pragma once

#include "host/command.h"
#include "host/commands/client_arguments.h"
#include "host/commands/terminal_client.h"

namespace simws::host {

class ConnectCommand : public Command {
 public:
  const char* name() const override { return "connect"; }
  const char* help() const override { return "Connects to a server: sends lines, shows messages"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  ClientArguments client_;
  ConnectOptions options_;
  double wait_ = 1;
  bool reconnects_ = false;
};

}  // namespace simws::host
