// Lines of a pipe, a file, or a terminal that edits them itself.
#pragma once

#include "host/commands/line_source.h"

#include <cstddef>
#include <string>

namespace simws::host {

class PlainLines : public LineSource {
 public:
  // Reads `descriptor`, which isn't its own. What has come of a line when
  // that is more than `longest` bytes is handed on, and ends the input.
  PlainLines(int descriptor, std::size_t longest) : descriptor_(descriptor), longest_(longest) {}

  // What stands behind the last line end is a line too, at the end.
  bool read(const TakeLine& take) override;

 private:
  int descriptor_;
  std::size_t longest_;
  std::string pending_;  // without a line end
};

}  // namespace simws::host
