#include "protocol/broker/helper_frames.h"

#include <algorithm>
#include <utility>

namespace simws::protocol {

namespace helper_frame {

std::string head(std::string_view line, std::size_t payload_size) {
  const std::size_t size = line.size() + 1 + payload_size;
  std::string text;
  text.reserve(length_size + line.size() + 1);
  for (std::size_t i = 0; i < length_size; ++i) text += static_cast<char>(size >> (8 * i) & 0xFF);
  return text.append(line).append("\n");
}

}  // namespace helper_frame

namespace {

using helper_frame::length_size;

std::size_t length_at(Bytes front) {
  std::size_t length = 0;
  for (std::size_t i = length_size; i > 0; --i) {
    length = length << 8 | std::to_integer<std::size_t>(front[i - 1]);
  }
  return length;
}

}  // namespace

HelperFrames::Outcome HelperFrames::fail(std::string_view reason) {
  failure_ = reason;
  return Failed{reason};
}

// Takes what is missing of so many bytes.
void HelperFrames::keep(Bytes& input, std::size_t up_to) {
  const std::size_t count = std::min(input.size(), up_to - kept_.size());
  kept_.append(input.first(count));
  input = input.subspan(count);
}

HelperFrames::Outcome HelperFrames::divide(Bytes frame) {
  const std::string_view text = as_text(frame);
  const std::size_t end = text.substr(0, helper_frame::max_line_size + 1).find('\n');
  if (end != std::string_view::npos) return Frame{text.substr(0, end), frame.subspan(end + 1)};
  return fail(text.size() > helper_frame::max_line_size ? "a header line is too long"
                                                        : "a frame has no header line");
}

HelperFrames::Outcome HelperFrames::read(Bytes& input) {
  if (!failure_.empty()) return Failed{failure_};
  if (std::exchange(is_told_, false)) kept_.release();
  if (kept_.size() < length_size && (!kept_.empty() || input.size() < length_size)) {
    keep(input, length_size);
    if (kept_.size() < length_size) return NeedMore{};
  }
  const bool is_kept = !kept_.empty();
  const std::size_t length = length_at(is_kept ? Bytes(kept_.bytes()) : input);
  if (length > helper_frame::max_size) return fail("a frame is over 1 GiB");
  const std::size_t size = length_size + length;
  if (!is_kept && input.size() >= size) {
    const Bytes frame = input.subspan(length_size, length);
    input = input.subspan(size);
    return divide(frame);
  }
  keep(input, size);
  if (kept_.size() < size) return NeedMore{};
  is_told_ = true;
  return divide(Bytes(kept_.bytes()).subspan(length_size));
}

}  // namespace simws::protocol
