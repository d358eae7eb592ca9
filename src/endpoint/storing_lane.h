// What is retained, on its way into the broker's stream, which takes things more slowly than the
// broker passes them on: no more of it is under way than is stored soon, so that what else is
// published doesn't queue behind it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simws::endpoint {

class StoringLane {
 public:
  static constexpr std::size_t most_messages = 2048;
  static constexpr std::size_t most_bytes = 2u << 20;

  // A single message has room, however large.
  bool has_room() const {
    return sent_.messages == 0 || (sent_.messages < most_messages && sent_.bytes < most_bytes);
  }
  void sent(std::size_t bytes) {
    ++sent_.messages;
    sent_.bytes += bytes;
  }

  // A mark has to follow: as long as little is under way there's none.
  bool wants_mark() const {
    return !is_marked_ && (sent_.messages >= most_messages / 2 || sent_.bytes >= most_bytes / 2);
  }
  // Returns its number, which is no other mark's of ours.
  std::uint64_t mark() {
    is_marked_ = true;
    marked_ = sent_;
    return ++number_;
  }
  // All before it is stored, or can't be. False: it's another mark.
  bool acknowledge(std::uint64_t number) {
    if (!is_marked_ || number != number_) return false;
    is_marked_ = false;
    sent_ = {sent_.messages - marked_.messages, sent_.bytes - marked_.bytes};
    return true;
  }

  // A connection begins, on which nothing is under way.
  void clear() {
    is_marked_ = false;
    sent_ = {};
  }

 private:
  struct Load {
    std::size_t messages = 0;
    std::size_t bytes = 0;
  };

  std::uint64_t number_ = std::uint64_t{1} << 61U;
  Load sent_;    // and not stored
  Load marked_;  // of that, before the mark
  bool is_marked_ = false;
};

}  // namespace simws::endpoint
