// Connections that say nothing.
#pragma once

#include "load/figures.h"
#include "load/options.h"

namespace bench {

// Opens the connections and measures by how much the server's resident memory grew for each:
// "bytes_per_connection", without what the very first one costs. With `hold` prints them, and then
// keeps the connections until standard input ends.
Figures run_idle_load(const LoadOptions& options);

}  // namespace bench
