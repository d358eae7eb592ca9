// What an edge hears on one connection to the broker.
#pragma once

#include "broker/connection.h"
#include "broker/edge_delivery.h"
#include "broker/retained_reading.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace simws::broker {

// Two threads of its own deliver: what is live, and beside it what is retained, which is told once
// it has all come.
class EdgeSession {
 public:
  // REQUIRES: `delivery` outlives it.
  EdgeSession(std::shared_ptr<Connection> connection, EdgeDelivery& delivery);
  EdgeSession(const EdgeSession&) = delete;
  EdgeSession& operator=(const EdgeSession&) = delete;
  // Closes the connection.
  ~EdgeSession();

  // Throws std::system_error when the system has no threads.
  void start();
  // What doesn't work, for people; empty: nothing. Where messages were lost it closes the
  // connection: all that is retained has to come anew.
  std::string look();

 private:
  void deliver_live();
  void deliver_retained();

  const std::shared_ptr<Connection> connection_;
  EdgeDelivery& delivery_;
  RetainedReading reading_;
  NatsSubscription live_;
  std::int64_t dropped_ = 0;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  std::string failure_;  // to read what is retained
  std::thread delivering_live_;
  std::thread delivering_retained_;
};

}  // namespace simws::broker
