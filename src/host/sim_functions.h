// The module `sim`, as far as it needs no simulator: what its functions do, whatever the language.
#pragma once

#include "host/simulation.h"
#include "script/arguments.h"
#include "script/function_table.h"
#include "script/value.h"

#include <simws/result.h>

#include <cstddef>
#include <span>

namespace simws::host {

struct SimFunction {
  script::Signature signature;
  Result<script::Value> (*implementation)(Simulation&, const script::Arguments&) = nullptr;
  bool has_result = false;
  // Only the thread of sysCall_thread may call it, and sysCall_init. When it has succeeded, the
  // thread lets go until it's resumed, and sysCall_init sleeps, in its language's way.
  bool waits = false;
};

struct SimConstant {
  const char* name;
  int value;
};

struct SimCaller {
  bool may_wait = false;  // it's the thread of sysCall_thread
  const script::Words& words;
};

std::span<const SimFunction> sim_functions();
std::span<const SimConstant> sim_constants();

// Checks `given` and `values` as the functions of simWS do (see check_arguments). What is returned
// is borrowed until the next call.
Result<script::Value> call_sim_function(const SimFunction& function, Simulation& simulation,
                                        const SimCaller& caller, std::size_t given,
                                        std::span<script::Value> values);

// The error for anything else of `sim`, with its name.
inline constexpr const char* needs_simulator = "sim.%s needs CoppeliaSim";

}  // namespace simws::host
