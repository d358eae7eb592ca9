// How many connections an address may make in a second.
#pragma once

#include "base/clock.h"
#include "transport/stream.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>

namespace simws::endpoint {

// An address's second begins with its first connection; IPv6 counts by networks of 64 bits, of
// which one machine may have all addresses. Keeps the addresses of the last second, 10,000 at the
// most: beyond that it forgets the oldest.
class HandshakeRate {
 public:
  static constexpr std::size_t most_addresses = 10'000;

  // 0: no limit.
  explicit HandshakeRate(std::size_t per_second) : per_second_(per_second) {}

  // False: too many of this address. What throws (memory ran out) counts nothing.
  bool admit(const transport::Address& address, Time now);
  std::size_t size() const { return windows_.size(); }

 private:
  using Key = std::array<std::uint8_t, 17>;
  struct Window {
    Time begin;
    std::size_t count = 0;
  };

  static Key key_of(const transport::Address& address);
  void forget_old(Time now);
  void add(const Key& key, Time now);

  const std::size_t per_second_;
  std::map<Key, Window> windows_;
  std::deque<Key> order_;  // in which they begin
};

}  // namespace simws::endpoint
