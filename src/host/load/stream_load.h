// What a server sends by itself.
#pragma once

#include "host/load/options.h"
#include "host/load/report.h"

namespace simws::load {

enum class StreamKind {
  gaps,  // how regularly it comes
  ages,  // how old it is, by what messages say
};

// All connections only listen. Besides the meter's figures: "bytes_per_second";
// "connection_rate_min", "_median" and "_max", messages a second of a connection; percentiles of
// the time between two messages of a connection, "gap_p50_ms" and so on; with ages "p50_ms" and so
// on, and "stamped", how many messages say when they were made. With `topics` they are subscribed
// to by simws.topics.1, with the policy latest, and what comes is acknowledged at once.
Report run_stream_load(const LoadOptions& options, StreamKind kind);

}  // namespace simws::load
