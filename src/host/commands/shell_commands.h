// `simws completion` and `simws manual`: what shells and man know of the command line.
#pragma once

#include "host/command.h"

#include <string>

namespace simws::host {

class CompletionCommand : public Command {
 public:
  const char* name() const override { return "completion"; }
  const char* help() const override { return "Prints the completions of a shell"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  const CLI::App* app_ = nullptr;
  std::string shell_;
};

class ManualCommand : public Command {
 public:
  const char* name() const override { return "manual"; }
  const char* help() const override { return "Prints the manual page, for man"; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  const CLI::App* app_ = nullptr;
};

}  // namespace simws::host
