// `simws record`.
#pragma once

#include "host/command.h"
#include "host/commands/client_arguments.h"
#include "host/commands/stream_recorder.h"

#include <optional>

namespace simws::host {

class RecordCommand : public Command {
 public:
  const char* name() const override { return "record"; }
  const char* help() const override {
    return "Writes what a server sends to a file, with its times";
  }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  ClientArguments client_;
  RecordOptions options_;
  std::optional<double> seconds_;
};

}  // namespace simws::host
