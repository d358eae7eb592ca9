// What viewers of an edge publish, on its way to the simulation: by a thread of its own, so that a
// broker that takes nothing holds up nobody.
#pragma once

#include "host/commands/edge/feed_link.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace simws::host {

class WayBack {
 public:
  struct Publication {
    std::string viewer;  // a JSON object
    std::string topic;
    std::string data;
    Opcode opcode = Opcode::text;
  };

  // `feed` must outlive it. What waits is `most_bytes` at most.
  WayBack(FeedLink& feed, std::size_t most_bytes);
  // What waits is dropped.
  ~WayBack();
  WayBack(const WayBack&) = delete;
  WayBack& operator=(const WayBack&) = delete;

  void send(Publication publication);
  // Nothing waits or is being sent.
  bool is_idle();
  // How many were lost since it was asked: the broker was away, or too much waited.
  std::size_t take_lost() { return lost_.exchange(0); }

 private:
  void run();

  FeedLink& feed_;
  const std::size_t most_bytes_;
  std::atomic<std::size_t> lost_ = 0;
  std::mutex mutex_;  // of all below
  std::condition_variable has_news_;
  std::deque<Publication> waiting_;
  std::size_t bytes_ = 0;
  bool is_sending_ = false;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace simws::host
