#include "host/load/figures.h"

#include <cmath>
#include <cstdio>

namespace simws::load {

std::string to_json(const Figures& figures) {
  std::string json;
  for (const auto& [name, value] : figures) {
    char number[40];
    std::snprintf(number, sizeof number, "%.9g", value);
    json +=
        (json.empty() ? "{\"" : ", \"") + name + "\": " + (std::isfinite(value) ? number : "null");
  }
  return json.empty() ? "{}" : json + '}';
}

}  // namespace simws::load
