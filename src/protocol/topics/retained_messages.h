// The last message of each key of a topic, for those who come later, in the order in which they
// were published.
#pragma once

#include "protocol/topics/publication.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace simws::protocol {

class RetainedMessages {
 public:
  // In place of its key's last one; empty data forgets the key. `order` rises from each to the
  // next. Throws std::bad_alloc, and nothing has changed.
  void keep(PublicationPtr publication, std::uint64_t order);

  bool empty() const { return in_order_.empty(); }
  // The first behind `after`, and its place; null: there's none up to `last`.
  std::pair<PublicationPtr, std::uint64_t> next(std::uint64_t after, std::uint64_t last) const;

  std::size_t keys() const { return in_order_.size(); }
  std::size_t bytes() const { return bytes_; }  // of data and keys

 private:
  using InOrder = std::map<std::uint64_t, PublicationPtr>;
  void forget(std::string_view key);

  InOrder in_order_;
  std::unordered_map<std::string_view, InOrder::iterator> by_key_;  // of the keys in these
  std::size_t bytes_ = 0;
};

}  // namespace simws::protocol
