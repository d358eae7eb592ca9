#include "host/commands/command_text.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace simws::host {

namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

ValueText value_text(const std::string& placeholder) {
  if (placeholder == "FILE") return {placeholder, ValueKind::file, {}};
  if (placeholder == "FOLDER") return {placeholder, ValueKind::folder, {}};
  if (placeholder.find('|') == placeholder.npos) return {placeholder, ValueKind::anything, {}};
  return {placeholder, ValueKind::choice, split(placeholder, '|')};
}

OptionText option_text(const CLI::Option& option) {
  OptionText text;
  for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  text.help = option.get_description();
  text.default_text = option.get_default_str();
  if (option.get_items_expected_max() > 0) text.value = value_text(option.get_type_name());
  text.repeats = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
  return text;
}

PositionalText positional_text(const CLI::Option& option) {
  const std::string name = option.get_name(true);
  const std::string type = option.get_type_name();
  return {name, option.get_description(), option.get_default_str(),
          value_text(type.empty() ? name : type), option.get_required()};
}

// The help's own line, without the word before it.
std::string usage_of(const CLI::App& app, const std::string& name) {
  const auto formatter = std::dynamic_pointer_cast<CLI::Formatter>(app.get_formatter());
  std::string usage = formatter ? formatter->make_usage(&app, name) : name;
  usage.erase(0, usage.find("simws"));
  usage.erase(usage.find_last_not_of('\n') + 1);
  return usage;
}

CommandText command_text(const CLI::App& app, const std::string& full_name) {
  CommandText text;
  text.name = app.get_name();
  text.usage = usage_of(app, full_name);
  text.help = app.get_description();
  text.footer = app.get_footer();
  text.takes_script = app.get_prefix_command();
  for (const CLI::Option* const option : app.get_options()) {
    if (option->get_positional()) {
      text.positionals.push_back(positional_text(*option));
    } else {
      text.options.push_back(option_text(*option));
    }
  }
  return text;
}

}  // namespace

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<CommandText> command_texts(const CLI::App& program) {
  std::vector<CommandText> texts = {command_text(program, program.get_name())};
  for (const CLI::App* const command : program.get_subcommands({})) {
    texts.push_back(command_text(*command, program.get_name() + ' ' + command->get_name()));
  }
  return texts;
}

}  // namespace simws::host
