// The files that scripts of the simulator load, made from the table of functions.
#pragma once

#include "script/engine.h"

#include <string>
#include <string_view>

namespace simws::coppeliasim {

// A function beside the table's: simWS.lua calls it to say that it's there.
inline constexpr std::string_view use_module_function = "_useModule";

// Stands where a handler is given for a function that simWS.lua keeps for the script.
inline constexpr std::string_view kept_function = "<a function that simWS.lua keeps>";

// The function of simWS.lua that calls the script's handlers of this kind.
const char* module_entry(script::CallbackKind kind);

// simWS.lua: what `require 'simWS'` loads, for Lua 5.3 and 5.4.
std::string module_file();
// simWS-ce.lua: completion and call tips for the simulator's editor.
std::string completion_file();

}  // namespace simws::coppeliasim
