#include "endpoint/helper_output.h"

#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <span>

namespace simws::endpoint {

namespace {

constexpr std::size_t most_copied = 4u << 10;  // of a payload
constexpr std::size_t most_together = 64u << 10;
constexpr std::size_t pieces_at_once = 16;

Bytes payload_of(const protocol::Publication& publication) {
  return publication.message->view().payload();
}

}  // namespace

void HelperOutput::add(std::string_view head, const protocol::PublicationPtr& payload) {
  const std::size_t payload_size = payload ? payload->size() : 0;
  const bool is_copied = payload_size <= most_copied;
  const std::size_t size = head.size() + payload_size;
  const bool is_joined =
      !pieces_.empty() && !pieces_.back().payload && pieces_.back().text.size() < most_together;
  if (!is_joined) pieces_.emplace_back();
  std::string& text = pieces_.back().text;
  try {
    if (text.capacity() - text.size() < size)
      text.reserve(std::max(text.size() * 2, text.size() + size));
  } catch (...) {
    if (!is_joined) pieces_.pop_back();
    throw;
  }
  text.append(head);
  if (is_copied && payload) text.append(as_text(payload_of(*payload)));
  if (!is_copied) pieces_.back().payload = payload;
  bytes_ += size;
}

bool HelperOutput::flush(transport::Stream& stream) {
  while (!pieces_.empty()) {
    std::array<Bytes, 2 * pieces_at_once> parts;
    std::size_t count = 0;
    std::size_t offered = 0;
    const auto add_part = [&](Bytes part, std::size_t skipped) {
      if (part.size() <= skipped) return;
      parts[count++] = part.subspan(skipped);
      offered += part.size() - skipped;
    };
    const std::size_t pieces = std::min(pieces_.size(), pieces_at_once);
    for (std::size_t i = 0; i < pieces; ++i) {
      const Piece& piece = pieces_[i];
      const std::size_t skipped = i == 0 ? written_ : 0;
      add_part(as_bytes(piece.text), skipped);
      if (!piece.payload) continue;
      add_part(payload_of(*piece.payload), skipped - std::min(skipped, piece.text.size()));
    }
    const std::size_t taken = stream.write(std::span(parts).first(count));
    consume(taken);
    if (taken < offered) return false;
  }
  return true;
}

void HelperOutput::consume(std::size_t count) {
  bytes_ -= count;
  written_ += count;
  while (!pieces_.empty() && written_ >= pieces_.front().size()) {
    written_ -= pieces_.front().size();
    pieces_.pop_front();
  }
}

void HelperOutput::clear() {
  pieces_.clear();
  written_ = bytes_ = 0;
}

}  // namespace simws::endpoint
