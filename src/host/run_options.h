// How a script is to be run.
#pragma once

#include <simws/log.h>
#include <simws/options.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::host {

using NamedParameters = std::map<std::string, std::string, std::less<>>;

struct RunOptions {
  std::string script;
  std::vector<std::string> arguments;
  Seconds step{0.05};
  bool threaded = false;
  LogLevel log_level = LogLevel::info;
  NamedParameters parameters;
};

// "50ms", "0.05s" or "0.05". Nothing for anything else: a second or more without its unit, which
// may be meant in milliseconds, less than a millisecond, more than an hour.
std::optional<Seconds> parse_step(std::string_view text);

}  // namespace simws::host
