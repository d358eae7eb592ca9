// `simws echo`.
#pragma once

#include "host/command.h"
#include "host/commands/quick_server.h"

namespace simws::host {

class EchoCommand : public Command {
 public:
  const char* name() const override { return "echo"; }
  const char* help() const override { return "Starts a server that sends back what it gets"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  QuickServer server_;
};

}  // namespace simws::host
