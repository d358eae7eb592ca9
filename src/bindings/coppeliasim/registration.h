// Makes the functions and constants of the table known to the simulator.
#pragma once

#include "bindings/coppeliasim/plugin.h"
#include "bindings/coppeliasim/simulator.h"

#include <simws/result.h>

#include <memory>

namespace simws::coppeliasim {

// The plugin that calls of scripts are for; null: none, and they do nothing. Whoever calls it holds
// on to it, for the script may unload the plugin meanwhile.
std::shared_ptr<Plugin>& served_plugin();

// REQUIRES: the simulator is running simInit. An error names what it refused.
Result<void> register_functions(const Simulator& simulator);

}  // namespace simws::coppeliasim
