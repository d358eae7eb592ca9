#include "host/log_level_option.h"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace simws::host {

namespace {

std::optional<LogLevel> parse_log_level(std::string_view text) {
  for (const LogLevel level :
       {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
    if (level_name(level) == text) return level;
  }
  return std::nullopt;
}

std::string check_log_level(const std::string& text) {
  if (parse_log_level(text)) return {};
  return "'" + text + "' is no level: write debug, info, warning or error";
}

}  // namespace

void add_log_level_option(CLI::App& app, LogLevel& level) {
  app.add_option_function<std::string>(
         "--log-level", [&level](const std::string& text) { level = *parse_log_level(text); },
         "Least level of log lines")
      ->type_name("debug|info|warning|error")
      ->check(check_log_level)
      ->default_str(std::string(level_name(level)));
}

}  // namespace simws::host
