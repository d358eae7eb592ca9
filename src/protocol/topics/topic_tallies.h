// How many subscriptions topics have, for who publishes on another thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace simws::protocol {

// Subscriptions of one name, as the network's thread counts them, and those that are on their way
// to it.
using TopicTally = std::atomic<std::int64_t>;
using TopicTallyPtr = std::shared_ptr<TopicTally>;

// One for each name that anybody asks for; forgotten when nobody holds it any more.
class TopicTallies {
 public:
  // The network's thread.
  TopicTallyPtr of(const std::string& name);
  // The sender's thread, which waits for nobody. Null: not now.
  TopicTallyPtr try_of(const std::string& name);

 private:
  TopicTallyPtr find_or_add(const std::string& name);

  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<TopicTally>, std::less<>> tallies_;
  std::size_t sweep_at_ = 64;  // when so many are there, those that nobody holds go
};

}  // namespace simws::protocol
