// A live stream with slow viewers.
#pragma once

#include "host/load/options.h"
#include "host/load/report.h"

namespace simws::load {

// One connection stands for the simulation: `rate` times a second it sends a message with the time,
// which the server passes on to all. `connections` viewers read what comes at once, `slow` ones
// read `slow_rate` bytes a second. Figures besides the meter's: the age that messages have when
// they're read, "p50_ms" and so on, "slow_p50_ms" and so on for the slow ones; "delivered", the
// share of messages that reached the others; "slow_ended", how many slow viewers lost their
// connection.
Report run_age_load(const LoadOptions& options);

}  // namespace simws::load
