#include "protocol/broker/freshness.h"

#include <algorithm>
#include <utility>

namespace simws::protocol {

namespace {

constexpr std::size_t most_epochs = 64;

std::string name_of(std::string_view topic, std::string_view key) {
  return std::string(topic).append("\n").append(key);  // a line feed is in neither
}

}  // namespace

Freshness::Verdict Freshness::judge(std::string_view topic, std::string_view key,
                                    const Origin& origin) {
  if (is_over(origin.epoch)) return Verdict::old;
  const bool begins = begin(origin.epoch);
  if (!note(name_of(topic, key), origin.sequence)) return Verdict::old;
  return begins ? Verdict::begins_epoch : Verdict::fresh;
}

void Freshness::forget(std::string_view topic, std::string_view key) {
  const auto found = places_.find(name_of(topic, key));
  if (found == places_.end()) return;
  const auto place = found->second;
  places_.erase(found);
  newest_.erase(place);
}

bool Freshness::begin(std::string_view epoch) {
  if (epoch.empty() || epoch == epoch_ || is_over(epoch)) return false;
  if (!epoch_.empty()) past_.push_back(std::exchange(epoch_, {}));
  if (past_.size() > most_epochs) past_.pop_front();
  epoch_ = epoch;
  places_.clear();
  newest_.clear();
  return true;
}

bool Freshness::is_over(std::string_view epoch) const {
  return std::ranges::find(past_, epoch) != past_.end();
}

bool Freshness::note(std::string name, std::uint64_t sequence) {
  if (const auto found = places_.find(name); found != places_.end()) {
    Newest& newest = *found->second;
    if (sequence <= newest.sequence) return false;
    newest.sequence = sequence;
    newest_.splice(newest_.end(), newest_, found->second);
    return true;
  }
  newest_.push_back({std::move(name), sequence});
  places_.emplace(newest_.back().name, std::prev(newest_.end()));
  if (newest_.size() <= most_keys_) return true;
  places_.erase(newest_.front().name);
  newest_.pop_front();
  return true;
}

}  // namespace simws::protocol
