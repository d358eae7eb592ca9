// The stream of a simulation's retained state: one message for each part of a topic's key.
#pragma once

#include "broker/name_bucket.h"

#include <optional>
#include <string>

namespace simws::broker {

// Makes the stream, or what it's called already, so that it keeps the latest of each subject; and
// empties it. Waits for the broker.
std::optional<JetStreamFailure> begin_retained_stream(jsCtx* jet_stream, const std::string& name);

}  // namespace simws::broker
