// Echoes on a fixed schedule: how late they come.
#pragma once

#include "host/load/options.h"
#include "host/load/report.h"

namespace simws::load {

// Sends `rate` messages a second, in turn over the connections, whether or not earlier ones came
// back; each must come back whole and in order. Besides the meter's figures: "p50_us" and so on,
// from the time a message was due to the time it was back, and "late", how many weren't back two
// seconds after the end (they count with the time that they had taken then).
// Unless it's asked to wait it never sleeps, as being woken takes longer than an answer.
Report run_latency_load(const LoadOptions& options);

}  // namespace simws::load
