// What was measured, by name, printed as one line of JSON.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace simws::load {

using Figures = std::vector<std::pair<std::string, double>>;

// An object with the figures in their order; what is no number (a mean of nothing) becomes null.
std::string to_json(const Figures& figures);

}  // namespace simws::load
