// How a server and its helper process simws-broker speak over a stream: each frame is the length of
// the rest in four bytes, the least significant first, a header line with its line feed, and a
// payload. What the lines say is in helper_words.h.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace simws::protocol {

namespace helper_frame {
constexpr std::size_t max_line_size = 64u << 10;  // without the line feed
constexpr std::size_t max_size = 1u << 30;        // behind the length
constexpr std::size_t length_size = 4;

// What stands before a payload. REQUIRES: `line` has no line feed and is no longer than
// max_line_size, and all together fits into max_size.
std::string head(std::string_view line, std::size_t payload_size);
}  // namespace helper_frame

// Finds the frames in what arrives in portions.
class HelperFrames {
 public:
  struct NeedMore {};
  struct Frame {
    std::string_view line;  // both: until the next call, and as long as what was given to it
    Bytes payload;
  };
  // It isn't the protocol: nothing more can be read.
  struct Failed {
    std::string_view reason;
  };
  using Outcome = std::variant<NeedMore, Frame, Failed>;

  // Consumes up to a frame's end, or all. Memory grows with what has come, not with what was
  // announced. Throws std::bad_alloc.
  Outcome read(Bytes& input);

 private:
  Outcome divide(Bytes frame);
  Outcome fail(std::string_view reason);
  void keep(Bytes& input, std::size_t up_to);

  Buffer kept_;           // of a frame that has begun
  bool is_told_ = false;  // what is kept was a frame, and goes with the next call
  std::string_view failure_;
};

}  // namespace simws::protocol
