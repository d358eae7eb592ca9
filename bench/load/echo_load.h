// Many connections at once whose messages come back, to their sender or to all.
#pragma once

#include "load/figures.h"
#include "load/options.h"

namespace bench {

enum class EchoKind {
  echo,  // each connection sends its whole pipeline in one write, and the next when all came back
  fan_out,  // the first connection does, and the next when all came to every connection
};

// With a pipeline of 16 the server finds up to 16 messages in one read. Every byte that comes back
// is compared; a difference, or a connection that ends, ends the program with an error. Messages
// are counted as they come back. Besides the meter's figures: "deflate", 1 where it was agreed on.
Figures run_echo_load(const LoadOptions& options, EchoKind kind);

}  // namespace bench
