#include "host/commands/shell_commands.h"

#include "host/commands/command_text.h"
#include "host/commands/completions.h"
#include "host/commands/document_command.h"
#include "host/commands/manual.h"

#include <CLI/CLI.hpp>

#include <iostream>

namespace simws::host {

namespace {

struct Shell {
  const char* name;
  std::string (*completions)(const CommandTexts&);
};

constexpr Shell shells[] = {
    {"bash", bash_completions}, {"zsh", zsh_completions}, {"fish", fish_completions}};

const Shell* find_shell(const std::string& name) {
  for (const Shell& shell : shells) {
    if (name == shell.name) return &shell;
  }
  return nullptr;
}

std::string check_shell(const std::string& name) {
  return find_shell(name) ? "" : "'" + name + "' is no shell known here: write bash, zsh or fish";
}

}  // namespace

void CompletionCommand::add_to(CLI::App& app) {
  app_ = &app;
  app.group(document_group);
  app.add_option("SHELL", shell_, "The shell that is to complete words after simws")
      ->type_name("bash|zsh|fish")
      ->check(check_shell)
      ->required();
  app.footer(
      "Packages install them for all three. By hand, for the shell that is open:\n\n"
      "  source <(simws completion bash)\n"
      "  source <(simws completion zsh)\n"
      "  simws completion fish | source");
}

int CompletionCommand::run() {
  std::cout << find_shell(shell_)->completions(command_texts(*app_->get_parent()));
  return 0;
}

void ManualCommand::add_to(CLI::App& app) {
  app_ = &app;
  app.group(document_group);
}

int ManualCommand::run() {
  std::cout << manual_page(command_texts(*app_->get_parent()), SIMWS_VERSION);
  return 0;
}

}  // namespace simws::host
