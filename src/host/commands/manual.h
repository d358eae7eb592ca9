// The manual page simws(1), in the macros of man(7).
#pragma once

#include "host/commands/command_text.h"

#include <string>
#include <vector>

namespace simws::host {

// `commands` as command_texts has them.
std::string manual_page(const std::vector<CommandText>& commands, const std::string& version);

}  // namespace simws::host
