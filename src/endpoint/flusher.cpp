#include "endpoint/flusher.h"

#include "endpoint/channel.h"

namespace simws::endpoint {

Flusher::Flusher(transport::Loop& loop) : loop_(loop) {
  together_.reserve(most_together);
  writes_.reserve(most_together);
  writers_.reserve(most_together);
}

void Flusher::add(Channel& channel) noexcept {
  if (channel.waits_for_flush_) return;
  channel.waits_for_flush_ = true;
  channel.next_to_flush_ = nullptr;
  (last_ ? last_->next_to_flush_ : first_) = &channel;
  last_ = &channel;
  loop_.want_end_of_turn();
}

Channel* Flusher::take() {
  Channel* const channel = first_;
  first_ = channel->next_to_flush_;
  if (!first_) last_ = nullptr;
  channel->waits_for_flush_ = false;
  return channel;
}

void Flusher::run() {
  while (first_) flush();
}

// Step by step for all of them: together they are written by fewer calls to the system, and no
// handler is called between a write and the note of it.
void Flusher::flush() {
  together_.clear();
  writes_.clear();
  writers_.clear();
  while (first_ && together_.size() < most_together) together_.push_back(take());
  for (Channel* const channel : together_) channel->begin_flush();
  for (Channel* const channel : together_) {
    const Bytes bytes = channel->single_piece();
    if (bytes.empty()) continue;
    writes_.push_back({channel->stream_.get(), bytes, 0});
    writers_.push_back(channel);
  }
  loop_.write(writes_);
  for (std::size_t i = 0; i < writes_.size(); ++i) {
    writers_[i]->note_written(writes_[i].bytes.size(), writes_[i].taken);
  }
  for (Channel* const channel : together_) channel->end_flush();
}

}  // namespace simws::endpoint
