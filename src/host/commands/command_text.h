// What the command line's table says, as help, manual and completions have it in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace simws::host {

enum class ValueKind { anything, file, folder, script, choice };

struct ValueText {
  std::string placeholder;  // "SECONDS", "debug|info"
  ValueKind kind = ValueKind::anything;
  std::vector<std::string> choices;  // of a choice
};

struct OptionText {
  std::vector<std::string> names;  // with their dashes
  std::string help;
  std::string default_text;        // empty: none
  std::optional<ValueText> value;  // nothing: a flag
  bool repeats = false;
};

struct PositionalText {
  std::string name;
  std::string help;
  std::string default_text;
  ValueText value;
  bool is_required = false;
};

struct CommandText {
  std::string name;   // "simws" for the program itself
  std::string usage;  // "simws serve [OPTIONS] FOLDER [PORT]"
  std::string help;
  std::string footer;
  std::vector<OptionText> options;
  std::vector<PositionalText> positionals;
  bool takes_script = false;  // after its options, and arguments after it
};

// With spaces between them.
std::string joined(const std::vector<std::string>& words);

// Of the program, then of each of its commands.
std::vector<CommandText> command_texts(const CLI::App& program);

}  // namespace simws::host
