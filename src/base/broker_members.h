// What scripts and pages are told of a server's broker, by the names that they know.
#pragma once

#include <simws/broker.h>

#include <cstddef>
#include <string_view>

namespace simws {

// Calls visit(name, value) for each.
template <typename Visit>
void for_each_member(const BrokerInfo& broker, Visit&& visit) {
  visit("url", broker.url);
  visit("name", broker.name);
  visit("state", broker_state_names[static_cast<std::size_t>(broker.state)]);
  visit("error", broker.error);
  visit("server", broker.server);
  visit("published", broker.published);
  visit("dropped", broker.dropped);
  visit("conflated", broker.conflated);
  visit("queuedBytes", broker.queued_bytes);
  visit("incoming", broker.incoming);
  visit("incomingDropped", broker.incoming_dropped);
  visit("roundTrip", broker.round_trip);
}

}  // namespace simws
