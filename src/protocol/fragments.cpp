#include "protocol/fragments.h"

#include "base/cut_text.h"

namespace simws::protocol {

namespace {

// By so many bytes a cut moves to keep a character whole.
constexpr std::size_t most_moved = 3;

}  // namespace

// Receivers that decode each fragment of a text by itself are none of RFC 6455's, but there are
// some.
std::size_t Fragments::next_size() const {
  if (rest_.size() <= most) return rest_.size();
  if (!may_be_text_) return most;
  for (std::size_t size = most; size >= most - most_moved; --size) {
    if (!continues_character(as_text(rest_)[size])) return size;
  }
  return most;
}

Fragment Fragments::take() {
  const Bytes payload = rest_.first(next_size());
  rest_ = rest_.subspan(payload.size());
  ended_ = rest_.empty();
  FrameHeader header = next_;
  header.fin = next_.fin && ended_;
  header.payload_length = payload.size();
  next_.opcode = FrameOpcode::continuation;
  next_.rsv1 = false;
  return {header, payload};
}

std::size_t Fragments::count_for(std::size_t size) {
  constexpr std::size_t least = most - most_moved;
  return size <= most ? 1 : (size + least - 1) / least;
}

}  // namespace simws::protocol
