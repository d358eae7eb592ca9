#include "endpoint/channel_group.h"

#include <string>
#include <utility>

namespace simws::endpoint {

ChannelGroup::ChannelGroup(TurnEnd& turn_end, Deadlines& deadlines, const ReadingLimits& reading,
                           std::shared_ptr<protocol::OutputBudget> output, Logger logger)
    : turn_end_(turn_end),
      logger_(std::move(logger)),
      output_budget_(std::move(output)),
      deadlines_(deadlines),
      gate_(reading) {}

void ChannelGroup::log(LogLevel level, std::string_view line) const noexcept {
  try {
    logger_(level, line);
  } catch (...) {
    // A line is lost: there's nobody left to tell.
  }
}

void ChannelGroup::log_of_peer(LogLevel level, std::string_view line) noexcept {
  try {
    if (!peer_lines_) peer_lines_ = std::make_unique<PeerLines>();
    tell_left_out();
    LineLimiter& limiter = peer_lines_->limiter;
    if (limiter.admit(loop().now())) return log(level, line);
    if (server_figures_) server_figures_->lines_left_out.add(1);
    auto& timer = peer_lines_->timer;
    if (!timer) timer = loop().make_timer([this] { tell_left_out(); });
    if (const auto at = limiter.tells_at()) timer->start(*at);
  } catch (...) {
    // As in `log`.
  }
}

void ChannelGroup::tell_left_out() {
  const auto count = peer_lines_->limiter.take_left_out(loop().now());
  if (!count) return;
  log(LogLevel::warning, std::to_string(*count) +
                             " more lines about clients were left out; getServerInfo counts what "
                             "was refused and dropped");
}

}  // namespace simws::endpoint
