// Parts of a sorted list.
#pragma once

#include <vector>

namespace bench {

// The smallest of the values that at least `share` (0 to 1) of them don't exceed (nearest rank); no
// number when there are none. Sorts them.
double percentile(std::vector<double>& values, double share);

}  // namespace bench
