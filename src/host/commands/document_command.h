// Commands that print a text which is made from a table of this program.
#pragma once

#include "host/command.h"

#include <string>

namespace simws::host {

class DocumentCommand : public Command {
 public:
  // The words must outlive it.
  DocumentCommand(const char* name, const char* help, std::string (*text)())
      : name_(name), help_(help), text_(text) {}

  const char* name() const override { return name_; }
  const char* help() const override { return help_; }
  void add_to(CLI::App& app) override;
  int run() override;

 private:
  const char* name_;
  const char* help_;
  std::string (*text_)();
};

// The group of such commands in the help.
inline constexpr const char* document_group = "Made from the program's own tables";

}  // namespace simws::host
