#include "host/commands/completions.h"

#include <string_view>

namespace simws::host {

namespace {

std::string fish_word(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + '\'';
}

// What -a gets; empty: nothing is offered.
std::string words_for(const ValueText& value) {
  switch (value.kind) {
    case ValueKind::file:
      return "(__fish_complete_path (commandline -ct))";
    case ValueKind::folder:
      return "(__fish_complete_directories (commandline -ct) '')";
    case ValueKind::script:
      return "(__fish_complete_suffix .lua; __fish_complete_suffix .py)";
    case ValueKind::choice:
      return joined(value.choices);
    case ValueKind::anything:
      break;
  }
  return {};
}

std::string offer(const std::string& condition, const ValueText& value) {
  const std::string words = words_for(value);
  if (words.empty()) return {};
  return "complete -c simws -n " + condition + " -a " + fish_word(words) + '\n';
}

std::string option_line(const std::string& condition, const OptionText& option) {
  std::string line = "complete -c simws -n " + condition;
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.value) {
    const std::string words = words_for(*option.value);
    line += words.empty() ? " -x" : " -x -a " + fish_word(words);
  }
  return line + " -d " + fish_word(option.help) + '\n';
}

std::string command_lines(const CommandText& command) {
  const std::string condition = "'__fish_seen_subcommand_from " + command.name + "'";
  std::string lines = "\ncomplete -c simws -n __fish_use_subcommand -a " + command.name + " -d " +
                      fish_word(command.help) + '\n';
  for (const OptionText& option : command.options) lines += option_line(condition, option);
  for (const PositionalText& positional : command.positionals) {
    lines += offer(condition, positional.value);
  }
  if (command.takes_script) lines += offer(condition, {"", ValueKind::script, {}});
  return lines;
}

}  // namespace

std::string fish_completions(const CommandTexts& commands) {
  std::string text =
      "# Completions of simws for fish. Made by: simws completion fish\n\ncomplete -c simws -f\n";
  for (const OptionText& option : commands.front().options) {
    text += option_line("__fish_use_subcommand", option);
  }
  for (std::size_t i = 1; i < commands.size(); ++i) text += command_lines(commands[i]);
  return text;
}

}  // namespace simws::host
