// `simws replay`.
#pragma once

#include "host/command.h"
#include "host/commands/quick_server.h"
#include "host/commands/replayer.h"

#include <string>

namespace simws::host {

class ReplayCommand : public Command {
 public:
  const char* name() const override { return "replay"; }
  const char* help() const override { return "Serves a recording again, at its times"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  std::string file_;
  ReplayOptions options_;
  QuickServer server_;
};

}  // namespace simws::host
