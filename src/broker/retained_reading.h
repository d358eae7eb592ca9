// Reads what a simulation's stream retains, from its begin to what is its end when it's read.
//
// Answers of the broker come behind all else that it has sent: where that is much, only one is
// waited for.
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

  // So that what is retained comes: to be called before more than that is asked for. Waits for the
  // broker; where that fails `read` tries again.
  void begin();

  // What is published meanwhile comes from elsewhere, by what was asked for on this connection
  // before. Blocks until all has been delivered, which may be nothing. The text: why it can't be
  // read; empty: it's all there, or the connection is lost.
  std::string read();

 private:
  // How far the broker has sent it.
  struct Progress {
    natsStatus status;
    bool is_all = false;
    std::uint64_t sent = 0;  // the last of these; 0: none
  };
  Progress progress();
  natsStatus subscribe();
  std::string read_all();
  std::string read_from(Progress then);
  bool has_more_here() const;
  // It was the last one.
  static bool ends_with(natsMsg* message, const Progress& progress);

  Connection& connection_;
  EdgeDelivery& delivery_;
  const JetStream jet_stream_;
  const std::string stream_;
  NatsSubscription messages_;
};

}  // namespace simws::broker
