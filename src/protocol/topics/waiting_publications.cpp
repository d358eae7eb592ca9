#include "protocol/topics/waiting_publications.h"

#include <utility>

namespace simws::protocol {

void WaitingPublications::count_in(const Publication& publication) {
  ++count_;
  bytes_ += publication.size();
}

void WaitingPublications::count_out(const Publication& publication) {
  --count_;
  bytes_ -= publication.size();
}

WaitingPublications::Offered WaitingPublications::offer(PublicationPtr publication, Time now) {
  if (ceased_) return {.dropped = 1};
  end_pauses(now);
  PublicationPtr* const place = rules_.keeps_one_of_a_key() ? place_of(publication->key) : nullptr;
  const PublicationPtr replaced = place ? *place : nullptr;
  if (exceeds(*publication, replaced) && rules_.policy != TopicPolicy::latest &&
      rules_.policy != TopicPolicy::oldest) {
    return give_way();
  }
  const Publication& kept = *publication;
  if (place) {
    put(*place, std::move(publication));
  } else {
    push_ready(std::move(publication));
  }
  const std::size_t dropped = make_room_beside(kept);
  return {.conflated = replaced ? 1u : 0u, .dropped = dropped};
}

PublicationPtr* WaitingPublications::place_of(const std::string& key) {
  if (const auto ready = by_key_.find(key); ready != by_key_.end()) return &*ready->second;
  const auto pause = pauses_.find(key);
  return pause == pauses_.end() ? nullptr : &pause->second.waiting;
}

bool WaitingPublications::exceeds(const Publication& publication,
                                  const PublicationPtr& replaced) const {
  const std::size_t others = count_ - (replaced ? 1 : 0);
  const std::size_t bytes = bytes_ - (replaced ? replaced->size() : 0);
  return others > 0 && bytes + publication.size() > rules_.max_queued;
}

// What was offered goes no further.
WaitingPublications::Offered WaitingPublications::give_way() {
  if (rules_.policy == TopicPolicy::all) return {.overflows = true};
  if (rules_.policy == TopicPolicy::newest) return {.dropped = 1};
  const std::size_t dropped = clear() + 1;
  ceased_ = true;
  return {.dropped = dropped, .ceases = true};
}

void WaitingPublications::put(PublicationPtr& place, PublicationPtr publication) {
  if (place) {
    if (auto entry = by_key_.extract(place->key)) {  // it refers to the key of what goes
      entry.key() = publication->key;
      by_key_.insert(std::move(entry));
    }
    count_out(*place);
  }
  count_in(*publication);
  place = std::move(publication);
}

void WaitingPublications::push_ready(PublicationPtr publication) {
  const Publication& added = *publication;
  ready_.push_back(std::move(publication));
  if (rules_.keeps_one_of_a_key()) {
    try {
      by_key_.emplace(added.key, std::prev(ready_.end()));
    } catch (...) {
      ready_.pop_back();
      throw;
    }
  }
  count_in(added);
}

std::size_t WaitingPublications::make_room_beside(const Publication& kept) {
  std::size_t dropped = 0;
  while (bytes_ > rules_.max_queued && drop_oldest_but(kept)) ++dropped;
  return dropped;
}

bool WaitingPublications::drop_oldest_but(const Publication& kept) {
  for (auto at = ready_.begin(); at != ready_.end(); ++at) {
    if (at->get() == &kept) continue;
    take_ready(at);
    return true;
  }
  for (const auto& [time, at] : ends_) {
    PublicationPtr& waiting = at->second.waiting;
    if (!waiting || waiting.get() == &kept) continue;
    count_out(*waiting);
    waiting = nullptr;
    return true;
  }
  return false;
}

PublicationPtr WaitingPublications::take_ready(Ready::iterator at) {
  PublicationPtr taken = std::move(*at);
  by_key_.erase(taken->key);
  ready_.erase(at);
  count_out(*taken);
  return taken;
}

bool WaitingPublications::passes(const Publication& publication, Time now) {
  if (ceased_) return false;
  end_pauses(now);
  return ready_.empty() && !pauses_.contains(publication.key);
}

void WaitingPublications::passed(const Publication& publication, Time now) {
  pause(publication.key, now);
}

bool WaitingPublications::has_ready(Time now) {
  end_pauses(now);
  return !ready_.empty();
}

PublicationPtr WaitingPublications::take(Time now) {
  pause(ready_.front()->key, now);
  return take_ready(ready_.begin());
}

// It isn't paused already: what is sent was ready, or passed.
void WaitingPublications::pause(const std::string& key, Time now) {
  if (rules_.rate <= 0) return;
  const auto pause = pauses_.emplace(key, Pause()).first;
  try {
    pause->second.end = ends_.emplace(now + rules_.period(), pause);
  } catch (...) {
    pauses_.erase(pause);
    throw;
  }
}

void WaitingPublications::end_pauses(Time now) {
  while (!ends_.empty() && ends_.begin()->first <= now) {
    const auto pause = ends_.begin()->second;
    if (PublicationPtr waiting = std::move(pause->second.waiting)) {
      count_out(*waiting);
      push_ready(std::move(waiting));
    }
    ends_.erase(ends_.begin());
    pauses_.erase(pause);
  }
}

// Their order stays as it is.
void WaitingPublications::set_pauses_by(Duration longer) noexcept {
  Ends moved;
  while (!ends_.empty()) {
    auto end = ends_.extract(ends_.begin());
    end.key() += longer;
    moved.insert(moved.end(), std::move(end));
  }
  ends_ = std::move(moved);
}

std::optional<Time> WaitingPublications::next_time() const {
  if (ends_.empty()) return std::nullopt;
  return ends_.begin()->first;
}

WaitingPublications::Offered WaitingPublications::set_rules(const SubscriptionRules& rules,
                                                            Time now) {
  std::vector<PublicationPtr> waiting = all();
  clear();
  if (rules.rate <= 0) {
    ends_.clear();
    pauses_.clear();
  }
  set_pauses_by(rules.period() - rules_.period());
  rules_ = rules;
  ceased_ = false;
  Offered all;
  for (PublicationPtr& each : waiting) {
    const Offered offered = offer(std::move(each), now);
    all.conflated += offered.conflated;
    all.dropped += offered.dropped;
    all.overflows |= offered.overflows;
    all.ceases |= offered.ceases;
  }
  return all;
}

std::vector<PublicationPtr> WaitingPublications::all() const {
  std::vector<PublicationPtr> waiting(ready_.begin(), ready_.end());
  for (const auto& [time, pause] : ends_) {
    if (pause->second.waiting) waiting.push_back(pause->second.waiting);
  }
  return waiting;
}

std::size_t WaitingPublications::clear() {
  for (auto& [key, pause] : pauses_) pause.waiting = nullptr;
  by_key_.clear();
  ready_.clear();
  bytes_ = 0;
  return std::exchange(count_, 0);
}

}  // namespace simws::protocol
