// Compares what a server sends back with what it should send.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bench {

// One for each connection.
class Checker {
 public:
  virtual ~Checker() = default;

  // Consumes all bytes. Returns how many messages they completed, each the next one of a batch,
  // which begins anew after its last. After a difference: error() says which.
  virtual std::size_t consume(std::string_view bytes) = 0;

  // Empty: all was right so far.
  virtual const std::string& error() const = 0;
};

}  // namespace bench
