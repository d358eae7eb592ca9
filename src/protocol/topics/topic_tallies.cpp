#include "protocol/topics/topic_tallies.h"

#include <algorithm>

namespace simws::protocol {

TopicTallyPtr TopicTallies::of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return find_or_add(name);
}

TopicTallyPtr TopicTallies::try_of(const std::string& name) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  return lock ? find_or_add(name) : nullptr;
}

TopicTallyPtr TopicTallies::find_or_add(const std::string& name) {
  const auto found = tallies_.find(name);
  if (found != tallies_.end()) {
    if (TopicTallyPtr there = found->second.lock()) return there;
  }
  if (tallies_.size() >= sweep_at_) {
    std::erase_if(tallies_, [](const auto& tally) { return tally.second.expired(); });
    sweep_at_ = std::max<std::size_t>(64, 2 * tallies_.size());
  }
  auto made = std::make_shared<TopicTally>(0);
  tallies_.insert_or_assign(name, made);
  return made;
}

}  // namespace simws::protocol
