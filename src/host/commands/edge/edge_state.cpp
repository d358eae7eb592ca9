#include "host/commands/edge/edge_state.h"

namespace simws::host {

std::string why_stale(const broker::EdgeStatus& status, bool is_caught_up) {
  if (!status.is_connected) return "no connection to the broker";
  if (!status.round_trip) return "the broker doesn't answer";
  if (*status.round_trip > longest_round_trip) return "the broker answers too slowly";
  if (!status.is_held) return "the simulation isn't there";
  if (!is_caught_up) return "what is retained is on its way";
  return {};
}

std::string describe(const broker::EdgeStatus& status, const std::string& name, bool is_caught_up) {
  const std::string why = why_stale(status, is_caught_up);
  const std::string& problem = status.problem;
  if (!why.empty()) {
    const bool says_all = !status.is_connected && !problem.empty();
    const std::string reason = problem.empty() ? why : why + ": " + problem;
    return "what viewers get of '" + name + "' may be old: " + (says_all ? problem : reason);
  }
  const std::string holder = status.holder.empty() ? "" : " (" + status.holder + ")";
  return "viewers get '" + name + "'" + holder + " as it comes by the broker " + status.server +
         (problem.empty() ? "" : ": " + problem);
}

}  // namespace simws::host
