// Between the threads of an edge's feed and its event loop: in order, in bounded memory, and with
// one wake-up for all that comes before the loop takes it.
#pragma once

#include "broker/edge_feed.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <variant>

namespace simws::host {

class EdgeIntake {
 public:
  struct Reading {};  // what is retained comes from here on, until it has caught up
  struct CaughtUp {};
  using Item = std::variant<broker::EdgeMessage, Reading, CaughtUp>;
  struct Batch {
    std::optional<broker::EdgeStatus> status;  // the latest; it has come before the items' end
    std::deque<Item> items;
    bool has_more = false;  // `wake` isn't called for the rest
  };

  // `wake` is called on the threads that put something in, outside of any lock.
  EdgeIntake(std::size_t most_bytes, std::function<void()> wake);

  // From any thread. With each new connection begins a reading. Waits while there's something, and
  // with this more than `most_bytes`.
  void put(broker::EdgeMessage message);
  void put(broker::EdgeStatus status);
  void put(CaughtUp caught_up);

  // The next ones, so many bytes of them or a single one.
  Batch take(std::size_t bytes);
  // Who waits goes on; what is put in from here on is dropped.
  void close();

 private:
  void add(Item item, std::size_t cost);
  bool needs_wake();

  struct Place {
    Item item;
    std::size_t cost = 0;
  };

  const std::size_t most_bytes_;
  const std::function<void()> wake_;
  std::mutex mutex_;  // of all below
  std::condition_variable has_room_;
  std::deque<Place> places_;
  std::size_t bytes_ = 0;
  std::optional<broker::EdgeStatus> status_;
  bool is_connected_ = false;
  bool is_woken_ = false;  // the loop will take what is here
  bool is_closed_ = false;
};

}  // namespace simws::host
