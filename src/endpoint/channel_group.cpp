#include "endpoint/channel_group.h"

#include <string>
#include <utility>

namespace simws::endpoint {

ChannelGroup::ChannelGroup(TurnEnd& turn_end, const ChannelLimits& limits, Logger logger)
    : turn_end_(turn_end),
      logger_(std::move(logger)),
      output_budget_(std::make_shared<protocol::OutputBudget>(limits.max_queued_bytes,
                                                              limits.max_total_queued_bytes)),
      deadlines_(turn_end.loop()),
      gate_(limits.max_pending_bytes, limits.patience, turn_end.loop()) {}

void ChannelGroup::log(LogLevel level, std::string_view line) const noexcept {
  try {
    logger_(level, line);
  } catch (...) {
    // A line is lost: there's nobody left to tell.
  }
}

void ChannelGroup::log_of_peer(LogLevel level, std::string_view line) noexcept {
  try {
    tell_left_out();
    if (limiter_.admit(loop().now())) return log(level, line);
    if (!limiter_timer_) limiter_timer_ = loop().make_timer([this] { tell_left_out(); });
    if (const auto at = limiter_.tells_at()) limiter_timer_->start(*at);
  } catch (...) {
    // As in `log`.
  }
}

void ChannelGroup::tell_left_out() {
  const auto count = limiter_.take_left_out(loop().now());
  if (!count) return;
  log(LogLevel::warning, std::to_string(*count) +
                             " more lines about clients were left out; getServerInfo counts what "
                             "was refused and dropped");
}

}  // namespace simws::endpoint
