// Reads what a simulation's stream retains, from its begin to what was its end then.
#pragma once

#include "broker/connection.h"
#include "broker/edge_delivery.h"

#include <cstdint>
#include <string>

namespace simws::broker {

// One thread uses it.
class RetainedReading {
 public:
  // REQUIRES: these outlive it.
  RetainedReading(Connection& connection, EdgeDelivery& delivery);

  // Blocks until all has been delivered, which may be nothing. The text: why it can't be read;
  // empty: it's all there, or the connection is lost.
  std::string read();

 private:
  struct End {
    natsStatus status;
    bool is_empty = true;
    std::uint64_t last = 0;
  };
  End find_end();
  natsStatus subscribe(NatsSubscription& into);
  std::string read_up_to(natsSubscription* messages, std::uint64_t last);
  // It was the last one.
  static bool ends_with(natsMsg* message, std::uint64_t last);

  Connection& connection_;
  EdgeDelivery& delivery_;
  const JetStream jet_stream_;
  const std::string stream_;
};

}  // namespace simws::broker
