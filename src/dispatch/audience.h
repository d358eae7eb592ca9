// To which connections of a server something goes.
#pragma once

#include "dispatch/event.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace simws::dispatch {

class Audience {
 public:
  // All.
  Audience() = default;
  // Those of `to`, or all, but for those of `except`. One that is named twice is one.
  Audience(std::optional<std::vector<ConnectionId>> to, std::vector<ConnectionId> except)
      : to_(std::move(to)), except_(std::move(except)) {
    if (to_) std::ranges::sort(*to_);
    std::ranges::sort(except_);
  }

  bool has(ConnectionId id) const {
    return (!to_ || std::ranges::binary_search(*to_, id)) &&
           !std::ranges::binary_search(except_, id);
  }

 private:
  std::optional<std::vector<ConnectionId>> to_;
  std::vector<ConnectionId> except_;
};

}  // namespace simws::dispatch
