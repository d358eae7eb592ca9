#include "endpoint/channel_group.h"

#include "base/kept_memory.h"

#include <string>
#include <utility>

namespace simws::endpoint {

ChannelGroup::ChannelGroup(transport::Loop& loop, const ChannelLimits& limits, Logger logger)
    : loop_(loop),
      logger_(std::move(logger)),
      output_budget_(std::make_shared<protocol::OutputBudget>(limits.max_queued_bytes,
                                                              limits.max_total_queued_bytes)),
      deadlines_(loop),
      gate_(limits.max_pending_bytes, limits.patience, loop),
      flusher_(loop),
      limiter_timer_(loop.make_timer([this] { tell_left_out(); })) {
  spare_outputs_.reserve(max_spare_outputs);
}

std::unique_ptr<Output> ChannelGroup::take_output() {
  if (spare_outputs_.empty()) return std::make_unique<Output>();
  std::unique_ptr<Output> output = std::move(spare_outputs_.back());
  spare_outputs_.pop_back();
  return output;
}

void ChannelGroup::give_back(std::unique_ptr<Output> output) noexcept {
  if (spare_outputs_.size() >= max_spare_outputs) return;
  const bool is_large = spare_outputs_.size() < max_large_spare_outputs;
  output->clear(is_large ? Output::low_mark : smallest_kept - 1);
  spare_outputs_.push_back(std::move(output));
}

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
    if (limiter_.admit(loop_.now())) return log(level, line);
    if (const auto at = limiter_.tells_at()) limiter_timer_->start(*at);
  } catch (...) {
    // As in `log`.
  }
}

void ChannelGroup::tell_left_out() {
  const auto count = limiter_.take_left_out(loop_.now());
  if (!count) return;
  log(LogLevel::warning, std::to_string(*count) +
                             " more lines about clients were left out; getServerInfo counts what "
                             "was refused and dropped");
}

}  // namespace simws::endpoint
