// Messages over the broker's limit go in parts, each a message of its own, and are put together
// again where they come.
#pragma once

#include "protocol/broker/broker_message.h"

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

// How many messages of at most `most` bytes a payload takes: at least one. REQUIRES: most > 0.
constexpr std::size_t part_count(std::size_t size, std::size_t most) {
  return size <= most ? 1 : (size + most - 1) / most;
}
// REQUIRES: index < part_count(data.size(), most).
constexpr std::string_view part_of(std::string_view data, std::size_t most, std::size_t index) {
  return data.substr(index * most, most);
}

// Puts parts of one way's messages together. Those of a message come in order, beside those of
// other topics and keys; what is behind a gap, or whose end doesn't come, is forgotten. Takes no
// more than `most_bytes` and 1,000 messages: over that the oldest unfinished one is forgotten.
class PartJoiner {
 public:
  explicit PartJoiner(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // The whole payload, when this was what it lacked; it's `data` itself of a message without parts.
  std::optional<std::string> take(const BrokerPublication& publication, std::string_view data);
  void clear();

  std::size_t bytes() const { return bytes_; }
  std::size_t unfinished() const { return order_.size(); }

 private:
  struct Unfinished {
    std::string epoch;
    std::uint64_t sequence;
    std::uint32_t count;
    std::uint32_t next = 0;
    std::string data = {};
  };
  struct Place {
    std::string topic;
    std::string key;
    auto operator<=>(const Place&) const = default;
  };
  struct Entry {
    Place place;
    Unfinished message;
  };
  using Order = std::list<Entry>;  // the oldest first

  Order::iterator begin(Place place, const BrokerPublication& publication);
  void forget(Order::iterator entry);
  void make_room();

  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  Order order_;
  std::map<Place, Order::iterator> places_;
};

}  // namespace simws::protocol
