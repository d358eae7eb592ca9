#include "load/percentile.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bench {

double percentile(std::vector<double>& values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (!std::ranges::is_sorted(values)) std::ranges::sort(values);
  // Less than one part in 10^9: 0.99 * 100 is a little more than 99.
  const double rank = std::ceil(share * static_cast<double>(values.size()) - 1e-9);
  const auto index = static_cast<std::size_t>(std::max(rank, 1.0)) - 1;
  return values[std::min(index, values.size() - 1)];
}

}  // namespace bench
