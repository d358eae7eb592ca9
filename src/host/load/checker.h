// Compares what a server sends back with what it should send.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace simws::load {

// One for each connection.
class Checker {
 public:
  virtual ~Checker() = default;

  // Consumes all bytes. Returns how many messages they completed, each the next one of a batch,
  // which begins anew after its last. After a difference: error() says which.
  virtual std::size_t consume(std::string_view bytes) = 0;

  // Empty: all was right so far.
  const std::string& error() const { return error_; }
  // The answers to pings that came, as frames that are to be sent.
  bool has_pongs() const { return !pongs_.empty(); }
  std::string take_pongs() { return std::exchange(pongs_, {}); }
  // So many messages came compressed.
  std::uint64_t compressed() const { return compressed_; }

 protected:
  Checker() = default;

  std::string error_;
  std::string pongs_;
  std::uint64_t compressed_ = 0;
};

}  // namespace simws::load
