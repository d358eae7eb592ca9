// What standard output can show.
#pragma once

#include <cstddef>

namespace simws::host {

struct OutputStyle {
  std::size_t width = 80;  // in characters
  bool has_unicode = false;
  bool in_colour = false;

  // As the terminal, the locale, NO_COLOR and COLUMNS have it.
  static OutputStyle of_environment();
};

}  // namespace simws::host
