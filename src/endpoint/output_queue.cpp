#include "endpoint/output_queue.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace {

// Small frames share a piece up to this size: a turn's echoes then leave from one buffer.
constexpr std::size_t piece_size = 64 * 1024;

// Smaller frames are copied: a piece of their own would cost more than they are long.
constexpr std::size_t smallest_shared = 512;

// Takes one whole frame off the front of `bytes`.
protocol::FrameHeader take_frame(Bytes& bytes) {
  protocol::FrameHeader header;
  protocol::Failure failure;
  protocol::decode_frame_header(bytes, header, failure);
  bytes = bytes.subspan(static_cast<std::size_t>(header.payload_length));
  return header;
}

std::size_t count_messages(Bytes frames) {
  std::size_t count = 0;
  while (!frames.empty()) {
    const protocol::FrameHeader header = take_frame(frames);
    if (header.fin && !is_control(header.opcode)) ++count;
  }
  return count;
}

}  // namespace

void OutputQueue::append_raw(std::string bytes) {
  size_ += bytes.size();
  pieces_.push_back({std::move(bytes), nullptr, true});
}

void OutputQueue::append_frame(protocol::FrameOpcode opcode, bool fin, Bytes payload) {
  std::string& tail = tail_for_frames(payload.size() + protocol::max_frame_header_size);
  const std::size_t before = tail.size();
  protocol::append_frame(tail, opcode, fin, payload);
  size_ += tail.size() - before;
}

void OutputQueue::append_shared(SharedFrame frame) {
  size_ += frame->size();
  if (frame->size() < smallest_shared) {
    tail_for_frames(frame->size()) += *frame;
  } else {
    pieces_.push_back({{}, std::move(frame), false});
  }
}

std::string& OutputQueue::tail_for_frames(std::size_t frame_size) {
  if (pieces_.size() > head_) {
    Piece& last = pieces_.back();
    if (!last.raw && !last.shared && last.own.size() + frame_size <= piece_size) return last.own;
  }
  Piece& piece = pieces_.emplace_back();
  if (frame_size > piece_size) piece.own.reserve(frame_size);
  return piece.own;
}

std::size_t OutputQueue::gather(std::span<Bytes> pieces) const {
  const std::size_t count = std::min(pieces.size(), pieces_.size() - head_);
  for (std::size_t i = 0; i < count; ++i) pieces[i] = pieces_[head_ + i].bytes();
  if (count > 0) pieces[0] = pieces[0].subspan(offset_);
  return count;
}

void OutputQueue::consume(std::size_t count) {
  size_ -= count;
  offset_ += count;
  while (head_ < pieces_.size() && offset_ >= pieces_[head_].bytes().size()) {
    offset_ -= pieces_[head_].bytes().size();
    if (size_ > 0) pieces_[head_] = Piece{};
    ++head_;
  }
  if (size_ == 0) {
    clear(piece_size);
  } else if (head_ > 64 && head_ * 2 > pieces_.size()) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

std::size_t OutputQueue::cut_after_frame_under_way(Piece& piece) {
  const Bytes all = piece.bytes();
  Bytes rest = all;
  while (all.size() - rest.size() < offset_) take_frame(rest);
  const std::size_t lost = count_messages(rest);
  if (!rest.empty())
    piece = {std::string(as_text(all.first(all.size() - rest.size()))), nullptr, false};
  return lost;
}

std::size_t OutputQueue::drop_unbegun() {
  std::size_t lost = 0;
  std::size_t keep = head_;
  if (offset_ > 0) {
    Piece& head = pieces_[head_];
    if (!head.raw) lost += cut_after_frame_under_way(head);
    ++keep;
  }
  for (std::size_t i = keep; i < pieces_.size(); ++i) {
    if (!pieces_[i].raw) {
      lost += count_messages(pieces_[i].bytes());
    } else if (keep++ != i) {
      pieces_[keep - 1] = std::move(pieces_[i]);
    }
  }
  pieces_.resize(keep);
  size_ = 0;
  for (std::size_t i = head_; i < keep; ++i) size_ += pieces_[i].bytes().size();
  size_ -= offset_;
  if (size_ == 0) clear(piece_size);
  return lost;
}

void OutputQueue::clear(std::size_t capacity) {
  Piece spare;
  for (Piece& piece : pieces_) {
    if (piece.own.capacity() <= capacity && piece.own.capacity() > spare.own.capacity()) {
      spare.own = std::move(piece.own);
    }
  }
  spare.own.clear();
  pieces_.clear();
  if (spare.own.capacity() > 64) pieces_.push_back(std::move(spare));
  head_ = 0;
  offset_ = 0;
  size_ = 0;
}

}  // namespace simws::endpoint
