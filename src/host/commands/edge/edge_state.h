// What an edge knows of its simulation, in words.
#pragma once

#include "broker/edge_feed.h"

#include <chrono>
#include <optional>
#include <string>

namespace simws::host {

// A broker that takes longer to answer may be one that is gone.
constexpr std::chrono::duration<double> longest_round_trip{2};

// Why what viewers get may be old, for them; empty: it's as new as it comes. `is_caught_up`: what
// was retained when the connection began has come.
std::string why_stale(const broker::EdgeStatus& status, bool is_caught_up);

// How it is, for the log: of the simulation `name`.
std::string describe(const broker::EdgeStatus& status, const std::string& name, bool is_caught_up);

}  // namespace simws::host
