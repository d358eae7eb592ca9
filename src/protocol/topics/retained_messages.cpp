#include "protocol/topics/retained_messages.h"

namespace simws::protocol {

namespace {

std::size_t bytes_of(const Publication& publication) {
  return publication.size() + publication.key.size();
}

}  // namespace

void RetainedMessages::keep(PublicationPtr publication, std::uint64_t order) {
  if (publication->forgets()) return forget(publication->key);
  const Publication& kept = *publication;
  const auto added = in_order_.emplace(order, std::move(publication)).first;
  const auto before = by_key_.find(kept.key);
  if (before == by_key_.end()) {
    try {
      by_key_.emplace(kept.key, added);
    } catch (...) {
      in_order_.erase(added);
      throw;
    }
  } else {
    const auto replaced = before->second;
    auto entry = by_key_.extract(before);  // it refers to the key of what goes
    entry.key() = kept.key;
    entry.mapped() = added;
    by_key_.insert(std::move(entry));
    bytes_ -= bytes_of(*replaced->second);
    in_order_.erase(replaced);
  }
  bytes_ += bytes_of(kept);
}

void RetainedMessages::forget(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  const auto place = found->second;
  by_key_.erase(found);
  bytes_ -= bytes_of(*place->second);
  in_order_.erase(place);
}

std::pair<PublicationPtr, std::uint64_t> RetainedMessages::next(std::uint64_t after,
                                                                std::uint64_t last) const {
  const auto found = in_order_.upper_bound(after);
  if (found == in_order_.end() || found->first > last) return {nullptr, 0};
  return {found->second, found->first};
}

}  // namespace simws::protocol
