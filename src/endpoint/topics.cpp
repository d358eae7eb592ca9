#include "endpoint/topics.h"

#include "endpoint/connection_topics.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>

namespace simws::endpoint {

using protocol::PublicationPtr;

namespace {

// What was published is known for so many topics that nobody is subscribed to.
constexpr std::size_t most_idle = 1000;

// Of those with most messages, however many topics there are.
constexpr std::size_t most_compared = 1000;

std::uint64_t messages_of(const Topic& topic) {
  return topic.published + topic.delivered;
}

TopicInfo info_of(const Topic& topic) {
  return {topic.name,         topic.subscribers.size(), topic.published,
          topic.delivered,    topic.conflated,          topic.dropped,
          topic.queued_bytes, topic.retained.keys(),    topic.retained.bytes()};
}

// Of a map sorted by names: the first that a pattern may take, or the one itself.
template <typename Map>
auto first_of(Map& map, std::string_view subscription) {
  return map.lower_bound(protocol::root_of(subscription));
}

// No name from here on is taken by the subscription.
bool is_past(std::string_view name, std::string_view subscription) {
  if (!protocol::is_pattern(subscription)) return name != subscription;
  const std::string_view stem = protocol::stem_of(subscription);
  return name > stem && !name.starts_with(stem);
}

}  // namespace

Topics::Topics(ChannelGroup& group, std::shared_ptr<protocol::TopicDoor> door, TopicAccess access,
               std::size_t max_queued_bytes, const DropHandler& on_drop)
    : group_(group),
      door_(std::move(door)),
      access_(std::move(access)),
      max_queued_bytes_(max_queued_bytes),
      on_drop_(on_drop),
      alarms_(group.loop()) {}

Topic* Topics::find(std::string_view name) const {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : found->second.get();
}

void Topics::for_each_retained(
    const std::function<void(const protocol::PublicationPtr&)>& tell) const {
  for (const auto& [name, topic] : topics_) {
    auto next = topic->retained.next(0, serial_);
    for (; next.first; next = topic->retained.next(next.second, serial_)) tell(next.first);
  }
}

Topic& Topics::topic_of(const std::string& name) {
  if (Topic* const there = find(name)) return *there;
  forget_idle();
  const auto added = topics_.emplace(name, std::make_unique<Topic>(name)).first;
  Topic& made = *added->second;
  try {
    made.place = idle_.insert(idle_.end(), &made);
  } catch (...) {
    topics_.erase(added);
    throw;
  }
  return made;
}

void Topics::note_use(Topic& topic) noexcept {
  const bool is_idle = topic.is_idle();
  std::list<Topic*>& from = topic.is_among_idle ? idle_ : in_use_;
  std::list<Topic*>& to = is_idle ? idle_ : in_use_;
  to.splice(to.end(), from, topic.place);
  topic.is_among_idle = is_idle;
}

void Topics::forget_idle() noexcept {
  while (idle_.size() > most_idle) {
    const auto oldest = topics_.find(idle_.front()->name);
    idle_.pop_front();
    topics_.erase(oldest);
  }
}

void Topics::publish(const PublicationPtr& publication) {
  ++serial_;
  Topic& topic = topic_of(publication->topic);
  ++topic.published;
  ++totals_.published;
  if (publication->retain) retain(topic, publication);
  deliver(topic, publication);
  if (patterns_ > 0) {
    protocol::for_each_pattern(publication->topic, [&](const std::string& pattern) {
      if (Topic* const taking = find(pattern)) deliver(*taking, publication);
    });
  }
  note_use(topic);
}

void Topics::retain(Topic& topic, const PublicationPtr& publication) {
  const std::size_t keys = topic.retained.keys(), bytes = topic.retained.bytes();
  topic.retained.keep(publication, serial_);
  totals_.retained_keys += topic.retained.keys() - keys;
  totals_.retained_bytes += topic.retained.bytes() - bytes;
}

// Who is closed for what it's offered leaves; nobody else does meanwhile.
void Topics::deliver(Topic& topic, const PublicationPtr& publication) {
  for (auto next = topic.subscribers.begin(); next != topic.subscribers.end();) {
    Subscription& subscription = **next++;
    subscription.connection.offer(subscription, publication, serial_);
  }
}

bool Topics::set_staleness(Staleness staleness) {
  if (staleness == staleness_) return false;
  staleness_ = std::move(staleness);
  return true;
}

void Topics::set_topic(std::string_view name, const TopicOptions& options) {
  options_.insert_or_assign(std::string(name), options);
  if (access_.follows_settings) follower_.want();
}

// Who is closed by it leaves its topics, which may go then; the subscriptions last to the turn's
// end.
void Topics::follow_settings() {
  std::vector<Subscription*> all;
  for (const auto& [name, topic] : topics_) {
    all.insert(all.end(), topic->subscribers.begin(), topic->subscribers.end());
  }
  for (Subscription* const each : all) each->connection.follow_settings(*each);
}

// Of those that are set for it, for all below a level above, and so on.
SubscriptionOptions Topics::defaults_of(std::string_view name) const {
  SubscriptionOptions defaults;
  if (options_.empty()) return defaults;
  const auto add = [&](std::string_view of) {
    const auto found = options_.find(of);
    if (found == options_.end()) return;
    defaults = protocol::with_defaults(defaults, found->second.subscriptions);
  };
  if (!protocol::is_pattern(name)) add(name);
  protocol::for_each_pattern(protocol::root_of(name), add);
  return defaults;
}

protocol::SubscriptionRules Topics::rules_for(std::string_view name,
                                              const SubscriptionOptions& asked,
                                              protocol::Subscriber by) const {
  const SubscriptionOptions defaults = defaults_of(name);
  return protocol::settle(by == protocol::Subscriber::page
                              ? protocol::capped(asked, defaults)
                              : protocol::with_defaults(asked, defaults),
                          max_queued_bytes_);
}

Topic& Topics::join(const std::string& name) {
  Topic& topic = topic_of(name);
  if (!topic.tally) topic.tally = door_->tallies()->of(name);
  return topic;
}

void Topics::add(Subscription& subscription, Subscriptions& place) noexcept {
  Topic& topic = subscription.topic;
  subscription.in_topic = place.begin();
  topic.subscribers.splice(topic.subscribers.end(), place);
  topic.tally->fetch_add(1);
  ++totals_.subscribers;
  if (protocol::is_pattern(topic.name) && topic.subscribers.size() == 1) ++patterns_;
  note_use(topic);
}

void Topics::remove(Subscription& subscription) noexcept {
  Topic& topic = subscription.topic;
  if (subscription.in_losing) losing_.erase(*subscription.in_losing);
  topic.subscribers.erase(subscription.in_topic);
  topic.tally->fetch_sub(1);
  --totals_.subscribers;
  if (topic.subscribers.empty()) {
    topic.tally = nullptr;
    if (protocol::is_pattern(topic.name)) --patterns_;
  }
  note_use(topic);
}

PublicationPtr Topics::next_retained(
    CatchUp& catch_up, std::string_view name,
    const std::function<bool(const std::string&)>& is_taken) const {
  auto at = catch_up.topic.empty() ? first_of(topics_, name) : topics_.lower_bound(catch_up.topic);
  for (; at != topics_.end() && !is_past(at->first, name); ++at) {
    const auto& [topic, entry] = *at;
    if (entry->retained.empty() || !protocol::takes(name, topic) || is_taken(topic)) continue;
    if (topic != catch_up.topic) {
      catch_up.topic = topic;
      catch_up.after = 0;
    }
    auto [publication, order] = entry->retained.next(catch_up.after, catch_up.last);
    if (!publication) continue;
    catch_up.after = order;
    return publication;
  }
  return nullptr;
}

void Topics::tell_loss(Subscription& subscription) {
  if (subscription.in_losing) return;
  subscription.in_losing = losing_.insert(losing_.end(), &subscription);
  loss_teller_.want();
}

// What a handler does may end any subscription.
void Topics::tell_losses() {
  for (std::size_t left = losing_.size(); left > 0 && !losing_.empty(); --left) {
    Subscription& subscription = *losing_.front();
    losing_.pop_front();
    subscription.in_losing.reset();
    subscription.connection.tell_loss(on_drop_, subscription);
  }
  if (!losing_.empty()) loss_teller_.want();
}

std::vector<TopicInfo> Topics::infos() const {
  std::vector<TopicInfo> infos;
  infos.reserve(topics_.size());
  for (const auto& [name, topic] : topics_) infos.push_back(info_of(*topic));
  return infos;
}

std::vector<TopicInfo> Topics::infos_after(std::string_view name, std::size_t most) const {
  std::vector<TopicInfo> infos;
  for (auto at = topics_.upper_bound(name); at != topics_.end() && infos.size() < most; ++at) {
    infos.push_back(info_of(*at->second));
  }
  return infos;
}

std::vector<TopicInfo> Topics::busiest(std::size_t most) const {
  std::vector<const Topic*> latest;
  latest.reserve(std::min(topics_.size(), most_compared));
  for (const auto* const list : {&in_use_, &idle_}) {
    for (auto at = list->rbegin(); at != list->rend() && latest.size() < most_compared; ++at) {
      latest.push_back(*at);
    }
  }
  const auto end = latest.begin() + static_cast<std::ptrdiff_t>(std::min(most, latest.size()));
  std::partial_sort(latest.begin(), end, latest.end(), [](const Topic* a, const Topic* b) {
    return messages_of(*a) > messages_of(*b);
  });
  std::sort(latest.begin(), end, [](const Topic* a, const Topic* b) { return a->name < b->name; });
  std::vector<TopicInfo> infos;
  infos.reserve(static_cast<std::size_t>(end - latest.begin()));
  for (auto at = latest.begin(); at != end; ++at) infos.push_back(info_of(**at));
  return infos;
}

}  // namespace simws::endpoint
