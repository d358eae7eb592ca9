// What the channels of one server or client share.
#pragma once

#include "base/line_limiter.h"
#include "endpoint/counters.h"
#include "endpoint/deadlines.h"
#include "endpoint/flusher.h"
#include "endpoint/output.h"
#include "endpoint/reading_gate.h"
#include "transport/loop.h"

#include <simws/log.h>

#include <memory>
#include <string_view>
#include <vector>

namespace simws::endpoint {

struct ChannelLimits {
  std::size_t max_queued_bytes;
  std::size_t max_total_queued_bytes;
  std::size_t max_pending_bytes;
  Duration patience;  // with a big message that holds up others
};

class ChannelGroup {
 public:
  ChannelGroup(transport::Loop& loop, const ChannelLimits& limits, Logger logger);

  transport::Loop& loop() { return loop_; }
  Counters& counters() { return counters_; }
  const Counters& counters() const { return counters_; }
  Deadlines& deadlines() { return deadlines_; }
  ReadingGate& gate() { return gate_; }
  Flusher& flusher() { return flusher_; }
  const std::shared_ptr<protocol::OutputBudget>& output_budget() const { return output_budget_; }

  // Outputs are many and used for a moment each.
  std::unique_ptr<Output> take_output();
  void give_back(std::unique_ptr<Output> output) noexcept;

  // Never throws.
  void log(LogLevel level, std::string_view line) const noexcept;

  // What a peer can cause as often as it likes: ten lines a second, then one that says how many
  // were left out.
  void log_of_peer(LogLevel level, std::string_view line) noexcept;

  // From here on nothing is owed but what waits to be sent.
  void end() { ends_ = true; }
  bool ends() const { return ends_; }

 private:
  static constexpr std::size_t max_spare_outputs = 1024;
  static constexpr std::size_t max_large_spare_outputs = 128;  // with memory for a turn's frames

  void tell_left_out();

  transport::Loop& loop_;
  const Logger logger_;
  const std::shared_ptr<protocol::OutputBudget> output_budget_;
  Counters counters_;
  Deadlines deadlines_;
  ReadingGate gate_;
  Flusher flusher_;
  std::vector<std::unique_ptr<Output>> spare_outputs_;
  LineLimiter limiter_;
  std::unique_ptr<transport::Timer> limiter_timer_;
  bool ends_ = false;
};

}  // namespace simws::endpoint
