#include "protocol/topics/topic_door.h"

#include "base/ascii.h"
#include "protocol/outlet.h"
#include "protocol/topics/topic_messages.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace simws::protocol {

namespace {

// Of topics in which nothing is retained more than a name and counts needn't be known.
constexpr std::size_t most_idle = 4096;

bool is_alphanumeric(char c) {
  const char lower = to_lower(c);
  return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
}

bool is_epoch(std::string_view text) {
  constexpr std::size_t most = 15;  // which a string holds without memory of its own
  return !text.empty() && text.size() <= most && std::ranges::all_of(text, is_alphanumeric);
}

Result<void> check_origin(const PublishOptions& options) {
  if (!options.origin || (is_epoch(options.origin->epoch) && options.origin->sequence > 0)) {
    return {};
  }
  return Error{ErrorCode::invalid_argument,
               "a publication's origin has an epoch of 1 to 15 letters and digits, and a sequence "
               "from 1 on"};
}

Result<void> check_names(std::string_view topic, const PublishOptions& options) {
  if (auto checked = check_topic(topic); !checked) return checked;
  if (auto checked = check_key(options.key); !checked) return checked;
  return check_origin(options);
}

Result<void> check_message(std::string_view data, Opcode opcode, std::size_t most) {
  if (opcode == Opcode::text || opcode == Opcode::binary) {
    return check_whole_message(data, opcode, most);
  }
  return Error{ErrorCode::invalid_argument, "a publication is a whole message: text or binary"};
}

Error over(std::string_view topic, std::string_view option, std::size_t limit) {
  return {ErrorCode::too_large,
          "topic '" + std::string(topic) + "': more would be retained than " + std::string(option) +
              " (" + std::to_string(limit) +
              ") allows; forget keys by publishing empty data with retain, or raise the option"};
}

}  // namespace

// What is retained is limited by itself.
TopicDoor::TopicDoor(std::shared_ptr<OutputBudget> queued, const Limits& limits)
    : queued_(std::move(queued)),
      retained_(std::make_shared<OutputBudget>(std::numeric_limits<std::size_t>::max(),
                                               std::numeric_limits<std::size_t>::max())),
      limits_(limits) {}

Result<PublicationPtr> TopicDoor::publish(std::string_view name, std::string_view data,
                                          Opcode opcode, const PublishOptions& options,
                                          double time) {
  if (auto checked = check_names(name, options); !checked) return std::move(checked).error();
  if (auto checked = check_message(data, opcode, limits_.max_message); !checked) {
    return std::move(checked).error();
  }
  const bool is_kept = options.retain && !options.forget && !data.empty();
  Topic* const topic = options.retain || options.forget ? &topic_of(name) : nullptr;
  if (topic) {
    if (is_older(*topic, options)) return PublicationPtr();
    auto checked = is_kept ? check_retained(name, *topic, data, options.key) : Result<void>();
    if (!checked) return std::move(checked).error();
  }
  SharedMessagePtr message = is_kept ? make_shared_message(retained_, data, opcode)
                                     : messages_.make(queued_, data, opcode);
  auto made = std::make_shared<Publication>(
      Publication{std::string(name), options.key, std::move(message), options.time.value_or(time),
                  topic != nullptr, options.compress, next_origin(options), options.forget});
  if (topic) note_retained(*topic, *made);
  return PublicationPtr(std::move(made));
}

Origin TopicDoor::next_origin(const PublishOptions& options) {
  if (options.origin) return *options.origin;
  if (limits_.epoch.empty()) return {};
  return {limits_.epoch, ++sequence_};
}

// One without an origin is always new.
bool TopicDoor::is_older(const Topic& topic, const PublishOptions& than) {
  if (!than.origin) return false;
  const auto kept = topic.retained.find(than.key);
  if (kept == topic.retained.end()) return false;
  const Origin& of_kept = kept->second.origin;
  return of_kept.epoch == than.origin->epoch && than.origin->sequence < of_kept.sequence;
}

Result<void> TopicDoor::set_topic(std::string_view name, const TopicOptions& options) {
  if (auto checked = check_subscription(name); !checked) return checked;
  if (const auto fault = fault_of(options.subscriptions, Subscriber::script)) {
    return Error{ErrorCode::invalid_argument, "topic '" + std::string(name) + "': " + *fault};
  }
  options_.insert_or_assign(std::string(name), options);
  return {};
}

TopicDoor::Topic& TopicDoor::topic_of(std::string_view name) {
  if (const auto found = topics_.find(name); found != topics_.end()) return found->second;
  if (idle_ >= most_idle) forget_idle();
  ++idle_;
  return topics_.emplace(std::string(name), Topic()).first->second;
}

void TopicDoor::forget_idle() {
  std::erase_if(topics_, [](const auto& topic) { return topic.second.retained.empty(); });
  idle_ = 0;
}

TopicDoor::RetainLimits TopicDoor::limits_of(std::string_view topic) const {
  RetainLimits limits;
  bool has_bytes = false;
  bool has_keys = false;
  const auto take = [&](std::string_view name) {
    const auto found = options_.find(name);
    if (found == options_.end()) return;
    const TopicOptions& options = found->second;
    if (options.max_retained_bytes && !std::exchange(has_bytes, true)) {
      limits.max_bytes = *options.max_retained_bytes;
    }
    if (options.max_keys && !std::exchange(has_keys, true)) limits.max_keys = *options.max_keys;
  };
  if (options_.empty()) return limits;
  take(topic);
  for_each_pattern(topic, take);
  return limits;
}

Result<void> TopicDoor::check_retained(std::string_view name, const Topic& topic,
                                       std::string_view data, const std::string& key) const {
  const RetainLimits limits = limits_of(name);
  const auto before = topic.retained.find(key);
  const bool is_new = before == topic.retained.end();
  const std::size_t replaced = is_new ? 0 : before->second.bytes;
  const std::size_t size = data.size() + key.size();
  if (is_new && topic.retained.size() >= limits.max_keys) {
    return over(name, "maxKeys", limits.max_keys);
  }
  if (topic.retained_bytes - replaced + size > limits.max_bytes) {
    return over(name, "maxRetainedBytes", limits.max_bytes);
  }
  if (retained_bytes() - replaced + size > limits_.max_total_retained) {
    return over(name, "maxTotalRetainedBytes", limits_.max_total_retained);
  }
  return {};
}

void TopicDoor::note_retained(Topic& topic, const Publication& publication) {
  const bool was_idle = topic.retained.empty();
  if (publication.forgets()) {
    const auto found = topic.retained.find(publication.key);
    if (found == topic.retained.end()) return;
    topic.retained_bytes -= found->second.bytes;
    retained_bytes_.subtract(found->second.bytes);
    topic.retained.erase(found);
  } else {
    Retained& kept = topic.retained[publication.key];
    const std::size_t bytes = publication.size() + publication.key.size();
    topic.retained_bytes += bytes - kept.bytes;
    retained_bytes_.add(bytes - kept.bytes);
    kept = {bytes, publication.origin};
  }
  const bool is_idle = topic.retained.empty();
  if (was_idle && !is_idle) --idle_;
  if (!was_idle && is_idle) ++idle_;
}

// False: not now.
bool TopicDoor::find_tallies(TopicTallies& in, const std::string& name, Topic& topic) {
  std::vector<TopicTallyPtr> tallies;
  tallies.push_back(in.try_of(name));
  for_each_pattern(name,
                   [&](const std::string& pattern) { tallies.push_back(in.try_of(pattern)); });
  for (const TopicTallyPtr& tally : tallies) {
    if (!tally) return false;
  }
  topic.tallies = std::move(tallies);
  return true;
}

std::size_t TopicDoor::subscriptions(std::string_view name) {
  Topic& topic = topic_of(name);
  if (topic.tallies.empty() && !find_tallies(*tallies_, std::string(name), topic)) return 0;
  std::int64_t count = 0;
  for (const TopicTallyPtr& tally : topic.tallies) count += tally->load();
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

TopicTallyPtr TopicDoor::announce(std::string_view subscription) {
  TopicTallyPtr tally = tallies_->try_of(std::string(subscription));
  if (tally) tally->fetch_add(1);
  return tally;
}

}  // namespace simws::protocol
