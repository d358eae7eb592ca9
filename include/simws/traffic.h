// What has gone over one connection.
#pragma once

#include <chrono>
#include <cstdint>

namespace simws {

// From its first message on.
struct Traffic {
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_in = 0;   // of the network
  std::uint64_t bytes_out = 0;  // of the network
  std::uint64_t dropped = 0;    // messages that were to be sent, and weren't
  // How long the oldest byte that waits to be sent has waited, in seconds; 0: none waits. What
  // subscriptions hold back isn't counted.
  std::chrono::duration<double> queue_age{0};
};

}  // namespace simws
