#include "base/line_limiter.h"

#include <algorithm>
#include <utility>

namespace simws {

bool LineLimiter::admit(Time now) {
  auto& oldest = admitted_[oldest_];
  if (oldest && now - *oldest < period) {
    ++left_out_;
    return false;
  }
  oldest = now;
  oldest_ = (oldest_ + 1) % most;
  return true;
}

std::optional<std::size_t> LineLimiter::take_left_out(Time now) {
  const auto due = tells_at();
  if (!due || now < *due) return std::nullopt;
  told_ = now;
  return std::exchange(left_out_, 0);
}

std::optional<Time> LineLimiter::tells_at() const {
  if (left_out_ == 0) return std::nullopt;
  const Time free = *admitted_[oldest_] + period;
  return told_ ? std::max(free, *told_ + period) : free;
}

}  // namespace simws
