// `simws run`, whatever the language of the script.
#pragma once

#include "host/command.h"
#include "host/run_options.h"

#include <functional>
#include <string>
#include <vector>

namespace simws::host {

// Runs a script and returns the exit code.
using RunScript = std::function<int(const RunOptions&)>;

class RunCommand : public Command {
 public:
  explicit RunCommand(const RunScript& run_script) : run_script_(run_script) {}

  const char* name() const override { return "run"; }
  const char* help() const override { return "Runs a Lua or Python script"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  // Why the rest of the command line names no script; empty: it does.
  std::string take_script(const std::vector<std::string>& rest);
  void take_parameters();

  const RunScript& run_script_;
  const CLI::App* app_ = nullptr;
  std::string step_ = "50ms";
  std::vector<std::string> parameters_;
  bool lan_ = false;
  bool inspector_ = false;
  RunOptions options_;
};

}  // namespace simws::host
