// What the host simulates: time that goes on step by step, and settings.
#pragma once

#include "host/run_options.h"
#include "script/api.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace simws::host {

using Clock = std::chrono::steady_clock;

// What the thread of sysCall_thread waits for: it goes on at the step at which both have come, or
// at the real time, where it waits for one, between steps too.
struct ThreadWait {
  double simulation_time = 0;
  Clock::time_point real_time{};
};

struct Simulation {
  explicit Simulation(const RunOptions& options)
      : parameters(options.parameters), step(options.step.count()) {}

  std::optional<std::string> named_parameter(std::string_view name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::nullopt : std::optional(found->second);
  }

  NamedParameters parameters;
  double step = 0;  // seconds
  double time = 0;  // seconds
  const Clock::time_point started = Clock::now();
  ThreadWait wait;
  bool is_starting = false;    // sysCall_init runs: steps haven't begun, and waits are of real time
  script::Api* api = nullptr;  // null while the script's last finalizers run
};

}  // namespace simws::host
