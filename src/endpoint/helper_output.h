// What waits to be written to the helper process: large payloads where they lie, all else together.
#pragma once

#include "protocol/topics/publication.h"
#include "transport/stream.h"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace simws::endpoint {

class HelperOutput {
 public:
  // More than that is made only when some of it has left.
  static constexpr std::size_t high_mark = 256u << 10;

  // Each adds one frame. Throws std::bad_alloc, and nothing is added.
  void add(std::string_view head) { add(head, nullptr); }
  void add(std::string_view head, const protocol::PublicationPtr& payload);

  // Writes until the stream takes no more: then false.
  bool flush(transport::Stream& stream);

  bool empty() const { return pieces_.empty(); }
  bool has_room() const { return bytes_ < high_mark; }
  std::size_t bytes() const { return bytes_; }
  void clear();

 private:
  struct Piece {
    std::string text;
    protocol::PublicationPtr payload;  // behind it; null: none

    std::size_t size() const { return text.size() + (payload ? payload->size() : 0); }
  };

  void consume(std::size_t count);

  std::deque<Piece> pieces_;
  std::size_t written_ = 0;  // of the first
  std::size_t bytes_ = 0;    // that are left
};

}  // namespace simws::endpoint
