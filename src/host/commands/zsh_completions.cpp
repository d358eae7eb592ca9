#include "host/commands/completions.h"

#include <string_view>

namespace simws::host {

namespace {

constexpr std::string_view head = R"(#compdef simws
# Completions of simws for zsh. Made by: simws completion zsh

_simws() {
    local context state state_descr line
    typeset -A opt_args
)";

constexpr std::string_view tail = R"(        esac
        ;;
    esac
}

if [[ $funcstack[1] == _simws ]]; then
    _simws "$@"
else
    compdef _simws simws
fi
)";

// What _arguments and _describe read has meanings for these.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\:[]").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string action_of(const ValueText& value) {
  switch (value.kind) {
    case ValueKind::file:
      return "_files";
    case ValueKind::folder:
      return "_files -/";
    case ValueKind::script:
      return "_files -g \"*.(lua|py)\"";
    case ValueKind::choice:
      return '(' + joined(value.choices) + ')';
    case ValueKind::anything:
      break;
  }
  return " ";
}

std::string value_spec(const ValueText& value) {
  return ':' + escaped(value.placeholder) + ':' + action_of(value);
}

std::string option_specs(const CommandText& command, const std::string& indent) {
  std::string specs;
  for (const OptionText& option : command.options) {
    for (const std::string& name : option.names) {
      const std::string spec = (option.repeats ? "*" : "") + name + '[' + escaped(option.help) +
                               ']' + (option.value ? value_spec(*option.value) : "");
      specs += " \\\n" + indent + in_shell_quotes(spec);
    }
  }
  return specs;
}

std::string command_case(const CommandText& command) {
  const std::string indent(16, ' ');
  std::string specs = option_specs(command, indent);
  int position = 0;
  for (const PositionalText& positional : command.positionals) {
    const std::string spec = std::to_string(++position) + ':' + escaped(positional.name) + ':' +
                             action_of(positional.value);
    specs += " \\\n" + indent + in_shell_quotes(spec);
  }
  if (command.takes_script) {
    specs += " \\\n" + indent + "'1:script:_files -g \"*.(lua|py)\"'";
    specs += " \\\n" + indent + "'*:argument:_files'";
  }
  return "        " + command.name + ")\n            _arguments" +
         (command.takes_script ? " -A '-*'" : "") + specs + "\n            ;;\n";
}

}  // namespace

std::string zsh_completions(const CommandTexts& commands) {
  const std::string indent(8, ' ');
  std::string text(head);
  text += "    _arguments -C" + option_specs(commands.front(), indent) + " \\\n" + indent +
          "'1: :->command' \\\n" + indent + "'*:: :->arguments'\n";
  std::string descriptions;
  std::string cases;
  for (std::size_t i = 1; i < commands.size(); ++i) {
    descriptions +=
        "            " + in_shell_quotes(commands[i].name + ':' + escaped(commands[i].help)) + '\n';
    cases += command_case(commands[i]);
  }
  text += "    case $state in\n    command)\n        local -a commands=(\n" + descriptions +
          "        )\n        _describe command commands\n        ;;\n    arguments)\n"
          "        case $words[1] in\n" +
          cases;
  return text.append(tail);
}

}  // namespace simws::host
