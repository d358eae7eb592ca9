#include "recording/fragments.h"

#include <utility>

namespace simws::recording {

std::size_t Fragments::add(std::uint64_t connection, std::string_view data, Opcode opcode, bool fin,
                           std::optional<Whole>& whole) {
  whole.reset();
  const bool begins = opcode != Opcode::continuation;
  if (begins && fin) {
    whole = Whole{data, opcode};
    return 0;
  }
  Unfinished& message = unfinished_[connection];
  if (begins) {
    message.opcode = opcode;
    message.is_whole = true;
  }
  if (message.is_whole && data.size() <= most_ - size_) {
    message.data += data;
    size_ += data.size();
  } else {
    message.is_whole = false;
    size_ -= message.data.size();
    message.lost += message.data.size() + data.size();
    message.data = {};
  }
  if (!fin) return 0;
  const std::size_t lost = message.lost;
  if (message.is_whole) {
    finished_ = std::move(message.data);
    size_ -= finished_.size();
    whole = Whole{finished_, message.opcode};
  }
  unfinished_.erase(connection);
  return lost;
}

void Fragments::forget(std::uint64_t connection) {
  const auto found = unfinished_.find(connection);
  if (found == unfinished_.end()) return;
  size_ -= found->second.data.size();
  unfinished_.erase(found);
}

}  // namespace simws::recording
