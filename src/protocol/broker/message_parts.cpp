#include "protocol/broker/message_parts.h"

#include <utility>

namespace simws::protocol {

namespace {

constexpr std::size_t most_messages = 1000;

}  // namespace

std::optional<std::string> PartJoiner::take(const BrokerPublication& publication,
                                            std::string_view data) {
  Place place{publication.topic, publication.key};
  const auto found = places_.find(place);
  if (publication.part.count == 1) {
    if (found != places_.end()) forget(found->second);
    return std::string(data);
  }
  auto entry = found == places_.end() ? order_.end() : found->second;
  if (publication.part.index == 0) {
    if (entry != order_.end()) forget(entry);
    entry = begin(std::move(place), publication);
  }
  if (entry == order_.end()) return std::nullopt;
  Unfinished& message = entry->message;
  if (message.epoch != publication.epoch || message.sequence != publication.sequence ||
      message.count != publication.part.count || message.next != publication.part.index) {
    forget(entry);
    return std::nullopt;
  }
  message.data.append(data);
  bytes_ += data.size();
  if (++message.next < message.count) {
    make_room();
    return std::nullopt;
  }
  std::string whole = std::exchange(message.data, {});
  bytes_ -= whole.size();
  forget(entry);
  return whole;
}

void PartJoiner::clear() {
  places_.clear();
  order_.clear();
  bytes_ = 0;
}

PartJoiner::Order::iterator PartJoiner::begin(Place place, const BrokerPublication& publication) {
  Unfinished message{publication.epoch, publication.sequence, publication.part.count};
  const auto entry = order_.insert(order_.end(), Entry{place, std::move(message)});
  places_.emplace(std::move(place), entry);
  return entry;
}

void PartJoiner::forget(Order::iterator entry) {
  bytes_ -= entry->message.data.size();
  places_.erase(entry->place);
  order_.erase(entry);
}

void PartJoiner::make_room() {
  while (bytes_ > most_bytes_ || order_.size() > most_messages) forget(order_.begin());
}

}  // namespace simws::protocol
