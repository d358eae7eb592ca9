// A histogram in characters.
#pragma once

#include "host/commands/output_style.h"
#include "host/load/histogram.h"

#include <string>

namespace simws::host {

// Lines of equal ratios of time, of which the last one has all that's longer than 99.9 % are; as
// wide as the style says, in blocks of Unicode or in #. Empty when there's nothing to show.
std::string histogram_picture(const load::Histogram& times, const OutputStyle& style);

}  // namespace simws::host
