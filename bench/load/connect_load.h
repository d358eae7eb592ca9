// Connections that come and go.
#pragma once

#include "load/figures.h"
#include "load/options.h"

namespace bench {

// `connections` at a time: connect, opening handshake, Close and its answer, end; over and over. A
// message of the figures is one such cycle. With `raw` the server echoes the
// request and the Close.
Figures run_connect_load(const LoadOptions& options);

}  // namespace bench
