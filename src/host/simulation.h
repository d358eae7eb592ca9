// What the host simulates: time that goes on step by step, and settings.
#pragma once

#include "host/run_options.h"
#include "script/api.h"

#include <chrono>

struct lua_State;

namespace simws::host {

using Clock = std::chrono::steady_clock;

// What the coroutine of sysCall_thread waits for. Either has come: it goes on at the next step.
struct ThreadWait {
  double simulation_time = 0;
  Clock::time_point real_time{};
};

struct Simulation {
  NamedParameters parameters;
  double step = 0;  // seconds
  double time = 0;  // seconds
  const Clock::time_point started = Clock::now();

  script::Api* api = nullptr;  // null while the script's last finalizers run

  lua_State* thread = nullptr;  // the coroutine of sysCall_thread
  ThreadWait wait;
};

}  // namespace simws::host
