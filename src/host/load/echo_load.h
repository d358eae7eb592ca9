// Many connections at once whose messages come back, to their sender or to all.
#pragma once

#include "host/load/options.h"
#include "host/load/report.h"

namespace simws::load {

enum class EchoKind {
  echo,  // each connection sends its whole pipeline in one write, and the next when all came back
  fan_out,  // the first connection does, and the next when all came to every connection
};

// With a pipeline of 16 the server finds up to 16 messages in one read. Every byte that comes back
// is compared; gives up at a difference, or when a connection ends. Messages are counted as they
// come back. Besides the meter's figures: "deflate", 1 where it was agreed on, then "compressed",
// how many messages came so in all, and percentiles of the time from a batch's sending until it's
// back. Where the server doesn't compress as it should, "deflate" is all.
Report run_echo_load(const LoadOptions& options, EchoKind kind);

}  // namespace simws::load
