// Load for a server, and what it makes of it. The one door of this room.
#pragma once

#include "host/load/options.h"
#include "host/load/report.h"

#include <simws/result.h>

#include <memory>
#include <optional>
#include <string_view>

namespace simws::load {

enum class Mode { echo, fan_out, age, latency, connect, idle };

// Nothing: no such mode.
std::optional<Mode> mode_named(std::string_view name);

// Where clients come in that are measured: its port is to be told to them, and `options.door` to be
// set. The load then waits for the first of them.
Result<std::unique_ptr<Door>> open_door();

// Blocks until it's measured, or `options.end` is set; what was measured until then counts. Errors
// say what came that shouldn't have; of options that can't be used they're `invalid_argument`.
Result<Report> run_load(Mode mode, const LoadOptions& options);

}  // namespace simws::load
