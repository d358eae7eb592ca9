// What all clients of a loop have the same.
#pragma once

#include "base/random.h"
#include "endpoint/alarms.h"
#include "endpoint/client_profile.h"
#include "endpoint/client_tls.h"
#include "endpoint/retired_connections.h"
#include "endpoint/turn_end.h"
#include "protocol/masking_keys.h"

namespace simws::endpoint {

struct ClientParts {
  explicit ClientParts(TurnEnd& of_loop) : turn_end(of_loop) {}
  // For tests, whose random source outlives it.
  ClientParts(TurnEnd& of_loop, RandomSource& source) : turn_end(of_loop), random(source) {}

  TurnEnd& turn_end;
  SystemRandom system_random;
  RandomSource& random = system_random;
  protocol::RandomMaskingKeys masking_keys{random};
  Alarms alarms{turn_end.loop()};  // of attempts
  ClientProfiles profiles;
  ClientTlsContexts tls{turn_end.loop()};
  RetiredConnections retired{turn_end};
};

}  // namespace simws::endpoint
