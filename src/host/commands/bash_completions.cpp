#include "host/commands/completions.h"

#include <string_view>

namespace simws::host {

namespace {

// `position` counts the words after the command that are neither options nor their values.
constexpr std::string_view head = R"(# Completions of simws for bash. Made by: simws completion bash

_simws_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$@" | sort -u)
}

_simws_scripts() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <({
        compgen -d -- "$1"
        compgen -f -X '!*.lua' -- "$1"
        compgen -f -X '!*.py' -- "$1"
    } | sort -u)
}

_simws_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_simws() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local command= position=0 options= i
    COMPREPLY=()
    # bash cuts --option=value into three words.
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ -z $command ]]; then
            [[ ${COMP_WORDS[i]} == -* ]] || command=${COMP_WORDS[i]}
            continue
        fi
        case $command:${COMP_WORDS[i]} in
)";

constexpr std::string_view after_values = R"(            [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
            ((i++))
            ;;
        *:-*) ;;
        *) ((position++)) ;;
        esac
    done
    case $command:$before in
)";

std::string completion_of(const ValueText& value) {
  switch (value.kind) {
    case ValueKind::file:
      return "_simws_files -f -- \"$word\"";
    case ValueKind::folder:
      return "_simws_files -d -- \"$word\"";
    case ValueKind::script:
      return "_simws_scripts \"$word\"";
    case ValueKind::choice:
      return "_simws_words '" + joined(value.choices) + "' \"$word\"";
    case ValueKind::anything:
      break;
  }
  return ":";
}

// "connect:--header | connect:--ping": the options that take a value.
std::string pattern_of(const CommandText& command, const OptionText& option) {
  std::string pattern;
  for (const std::string& name : option.names) {
    pattern += (pattern.empty() ? "" : " | ") + command.name + ':' + name;
  }
  return pattern;
}

std::string all_patterns(const CommandTexts& commands) {
  std::string patterns;
  for (const CommandText& command : commands) {
    for (const OptionText& option : command.options) {
      if (!option.value) continue;
      patterns += (patterns.empty() ? "        " : " | \\\n            ");
      patterns += pattern_of(command, option);
    }
  }
  return patterns + ")\n";
}

std::string value_cases(const CommandTexts& commands) {
  std::string cases;
  for (const CommandText& command : commands) {
    for (const OptionText& option : command.options) {
      if (!option.value) continue;
      cases += "    " + pattern_of(command, option) + ") " + completion_of(*option.value) +
               "; return ;;\n";
    }
  }
  return cases + "    esac\n";
}

std::string option_cases(const CommandTexts& commands) {
  std::string cases = "    case $command in\n";
  for (const CommandText& command : commands) {
    std::string names;
    for (const OptionText& option : command.options) {
      names += (names.empty() ? "" : " ") + joined(option.names);
    }
    const bool is_program = &command == &commands.front();
    cases += "    " + (is_program ? "''" : command.name) + ") options='" + names + "' ;;\n";
  }
  return cases + "    esac\n";
}

std::string position_cases(const CommandTexts& commands) {
  std::string names;
  std::string cases;
  for (const CommandText& command : commands) {
    if (&command == &commands.front()) continue;
    names += (names.empty() ? "" : " ") + command.name;
    int position = 0;
    for (const PositionalText& positional : command.positionals) {
      cases += "    " + command.name + ':' + std::to_string(position++) + ") " +
               completion_of(positional.value) + " ;;\n";
    }
    if (command.takes_script) cases += "    " + command.name + ":0) _simws_scripts \"$word\" ;;\n";
    if (command.takes_script)
      cases += "    " + command.name + ":*) _simws_files -f -- \"$word\" ;;\n";
  }
  return "    case $command:$position in\n    :*) _simws_words '" + names + "' \"$word\" ;;\n" +
         cases + "    esac\n";
}

// The options after a script are its own.
std::string option_guard(const CommandTexts& commands) {
  std::string guard;
  for (const CommandText& command : commands) {
    if (command.takes_script) guard += " && $command:$position != " + command.name + ":[1-9]*";
  }
  return "    if [[ $word == -*" + guard +
         " ]]; then\n        _simws_words \"$options\" \"$word\"\n        return\n    fi\n";
}

}  // namespace

std::string bash_completions(const CommandTexts& commands) {
  return std::string(head) + all_patterns(commands) + std::string(after_values) +
         value_cases(commands) + option_cases(commands) + option_guard(commands) +
         position_cases(commands) + "}\n\ncomplete -F _simws simws\n";
}

std::string in_shell_quotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + '\'';
}

}  // namespace simws::host
