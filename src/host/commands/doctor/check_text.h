// How findings are put together.
#pragma once

#include "host/commands/doctor/machine.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::host {

// Without white space around.
std::string_view trimmed(std::string_view text);

// A file's text, trimmed; empty where it can't be read.
std::string read_word(const Machine& machine, const std::string& file);

// Nothing: it's no whole number.
std::optional<long long> number_of(std::string_view text, int base = 10);

// "a, b and c".
std::string listed(const std::vector<std::string>& items);

}  // namespace simws::host
