// The stream of a simulation's retained state: one message for each part of a topic's key.
#pragma once

#include "broker/name_bucket.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace simws::broker {

// Makes the stream, or what it's called already, so that it keeps the latest of each subject; and
// empties it, if what it has is of another start. The number: what is of this start, and stored
// before it; 0: there's nothing. Waits for the broker.
std::variant<std::uint64_t, JetStreamFailure> begin_retained_stream(jsCtx* jet_stream,
                                                                    const std::string& name,
                                                                    std::string_view epoch);

}  // namespace simws::broker
