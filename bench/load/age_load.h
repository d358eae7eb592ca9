// A live stream with slow viewers.
#pragma once

#include "load/figures.h"
#include "load/options.h"

namespace bench {

// One connection stands for the simulation: `rate` times a second it sends a message with the time,
// which the server passes on to all. `connections` viewers read what comes at once, `slow` ones
// read `slow_rate` bytes a second. Figures besides the meter's: the age that messages have when
// they're read, "p50_ms", "p99_ms" and "max_ms", "slow_p50_ms" and "slow_p99_ms"; "delivered", the
// share of messages that reached the others; "slow_ended", how many slow viewers lost their
// connection.
Figures run_age_load(const LoadOptions& options);

}  // namespace bench
