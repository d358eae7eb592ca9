// What a subscription that ends leaves to a pattern that takes its topics too.
#include "endpoint/connection_topics.h"
#include "protocol/topics/topic_name.h"

#include <string>
#include <utility>
#include <vector>

namespace simws::endpoint {

using protocol::PublicationPtr;

void ConnectionTopics::unsubscribe(std::string_view name) noexcept {
  const auto found = subscriptions_.find(name);
  if (found == subscriptions_.end()) return;
  try {
    if (Subscription* const heir = heir_of(name)) {
      remove_for(*heir, found);
    } else {
      remove(found);
    }
    on_room();  // for what has waited for the end of its message
  } catch (...) {
    channel_.give_up();
  }
}

// The most specific pattern that takes all that a subscription of this name does; null: there's
// none.
Subscription* ConnectionTopics::heir_of(std::string_view name) const {
  if (subscriptions_.size() == 1) return nullptr;
  Subscription* heir = nullptr;
  protocol::for_each_pattern(protocol::root_of(name), [&](const std::string& pattern) {
    if (!heir && pattern != name) heir = find(pattern);
  });
  return heir;
}

// As if that had been the pattern's from the beginning.
void ConnectionTopics::remove_for(Subscription& heir, ByName::iterator at) {
  Subscription& ended = *at->second;
  const std::vector<PublicationPtr> waiting = ended.waiting.all();
  PublicationPtr begun = std::move(ended.begun);
  const std::size_t next_part = ended.next_part;
  heir.catch_ups.take_over(heir.name, topics_.begin_catch_up(), ended.name, ended.catch_ups);
  remove(at);
  if (begun) go_on_with(std::move(begun), next_part, heir);
  for (const PublicationPtr& each : waiting) {
    if (!end_.is_open()) return;
    keep(heir, each);
  }
  if (!heir.catch_ups.empty() && share_ == 0) topics_.bulk_desk().add(*this);
  want(heir);
}

// What has begun isn't begun again, but where another one is under way too.
void ConnectionTopics::go_on_with(PublicationPtr begun, std::size_t next_part, Subscription& heir) {
  if (heir.begun) return keep(heir, begun);
  heir.begun = std::move(begun);
  heir.next_part = next_part;
  if (next_part > 0) in_parts_.push_back(&heir);
}

}  // namespace simws::endpoint
