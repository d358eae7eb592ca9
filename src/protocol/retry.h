// When a client tries again, and how long it waits before.
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "protocol/attempt.h"

#include <simws/close_code.h>
#include <simws/result.h>

#include <cstdint>
#include <ctime>
#include <optional>
#include <string_view>

namespace simws::protocol {

// Network errors, timeouts, and the statuses 408, 429 and 500 on. What another attempt won't
// change isn't: other statuses, certificates, answers that can't be used, redirects.
bool is_retried(const AttemptFailure& failure);

// A connection that was open ended so: 1001, 1005, 1006, 1011-1014. A close by the script isn't
// asked about.
bool is_retried(CloseCode code);

// The value of Retry-After, seconds or a date (RFC 9110, 10.2.3), as the time from `now` on; zero
// for a time past. Nothing: it's neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, std::time_t now);

// The option reconnect; times in seconds.
struct RetryOptions {
  double initial = 0.5;        // before the first attempt after a loss
  double max = 30;             // the delay grows up to this
  double factor = 2;           // with each attempt that fails
  double jitter = 0.3;         // each delay times a uniform 1 +- jitter
  std::uint64_t attempts = 0;  // in a row, then no more; 0: no end
};
Result<void> check_retry_options(const RetryOptions& options);

// The delays of one client. REQUIRES: check_retry_options gave no error; `random` outlives it.
class Backoff {
 public:
  Backoff(RetryOptions options, RandomSource& random) : options_(options), random_(random) {}

  // How long to wait before the next attempt. `retry_after`, what the server asked for, counts up
  // to `max`, and the delay is then spread above it: nobody comes before, nor do all at once.
  // Nothing: there were enough attempts.
  std::optional<Duration> next_delay(std::optional<std::chrono::seconds> retry_after = {});

  // A connection was lost that had been open for so long: after `max` the delays start anew.
  void lost_after(Duration open_time);

  // Attempts since the delays started.
  std::uint64_t attempts() const { return attempts_; }

 private:
  double uniform();

  RetryOptions options_;
  RandomSource& random_;
  std::uint64_t attempts_ = 0;
  double delay_ = 0;  // seconds, the last without jitter
};

}  // namespace simws::protocol
