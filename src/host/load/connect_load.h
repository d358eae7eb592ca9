// Connections that come and go.
#pragma once

#include "host/load/options.h"
#include "host/load/report.h"

namespace simws::load {

// `connections` at a time: connect, opening handshake, Close and its answer, end; over and over. A
// message of the figures is one such cycle; the times, those of "p50_us" and so on, last until it's
// open. With `raw` the server echoes what stands for the request, and the Close.
Report run_connect_load(const LoadOptions& options);

}  // namespace simws::load
