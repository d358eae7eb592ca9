#include "endpoint/catch_ups.h"

#include "endpoint/topics.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

void CatchUps::begin(std::string_view name, const CatchUp& start) {
  std::vector<Part> own;
  own.push_back({std::string(name), start});
  parts_ = std::move(own);
}

// The one that ended began with all of its topics: what was there of these before is done.
void CatchUps::take_over(std::string_view own_name, const CatchUp& start,
                         std::string_view ended_name, const CatchUps& ended) {
  if (empty() && ended.empty()) return;
  std::vector<Part> all = ended.parts_;
  if (all.empty()) all.push_back({std::string(ended_name), {}, true});
  for (const Part& part : parts_) {
    if (!protocol::covers(ended_name, part.name)) all.push_back(part);
  }
  if (all.size() > most_taken_over) return begin(own_name, start);
  parts_ = std::move(all);
}

protocol::PublicationPtr CatchUps::next(const Topics& topics,
                                        const std::function<bool(const std::string&)>& is_taken) {
  for (auto part = parts_.begin(); part != parts_.end(); ++part) {
    if (part->is_done) continue;
    const auto is_anothers = [&](const std::string& topic) {
      const auto takes = [&](const Part& before) { return protocol::takes(before.name, topic); };
      return std::any_of(parts_.begin(), part, takes) || is_taken(topic);
    };
    if (auto next = topics.next_retained(part->at, part->name, is_anothers)) return next;
    part->is_done = true;
  }
  parts_.clear();
  return nullptr;
}

}  // namespace simws::endpoint
