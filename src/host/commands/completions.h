// Scripts by which shells complete the command line.
#pragma once

#include "host/commands/command_text.h"

#include <string>
#include <vector>

namespace simws::host {

// The program's own text comes first, as command_texts has them.
using CommandTexts = std::vector<CommandText>;

std::string bash_completions(const CommandTexts& commands);
std::string zsh_completions(const CommandTexts& commands);
std::string fish_completions(const CommandTexts& commands);

// As one word in single quotes; in fish a backslash has a meaning there.
std::string in_shell_quotes(const std::string& text);

}  // namespace simws::host
