// Connections that say nothing.
#pragma once

#include "host/load/options.h"
#include "host/load/report.h"

namespace simws::load {

// Opens the connections and measures by how much the server's resident memory grew for each:
// "bytes_per_connection", without what the very first one costs; where the server's process is
// known.
Report run_idle_load(const LoadOptions& options);

}  // namespace simws::load
