#include "endpoint/output.h"

#include "protocol/fragments.h"

#include <algorithm>
#include <utility>

namespace simws::endpoint {

namespace {

// Smaller ones are copied: a piece of their own would cost more than they are long.
constexpr std::size_t smallest_shared = 512;
constexpr std::size_t smallest_own = 4u << 10;

// Pieces that have gone are forgotten together.
constexpr std::size_t most_gone = 64;

// Takes one whole frame off the front of `bytes`.
protocol::FrameHeader take_frame(Bytes& bytes) {
  protocol::FrameHeader header;
  protocol::Failure failure;
  protocol::decode_frame_header(bytes, header, failure);
  bytes = bytes.subspan(static_cast<std::size_t>(header.payload_length));
  return header;
}

bool is_next_to(Bytes first, Bytes second) {
  return first.data() + first.size() == second.data();
}

bool is_large(const protocol::MessageView& message) {
  return message.payload().size() > protocol::Fragments::most;
}

// Of the server, while the message waits.
std::size_t memory_of(const protocol::OutgoingMessage& message) {
  return message.shared ? protocol::Outlet::reference_cost : message.view().frame().size();
}

std::size_t count_messages_in(Bytes frames) {
  std::size_t count = 0;
  while (!frames.empty()) {
    const protocol::FrameHeader header = take_frame(frames);
    if (header.fin && !is_control(header.opcode)) ++count;
  }
  return count;
}

}  // namespace

void Output::count(std::size_t waiting, std::size_t memory) {
  size_ += waiting;
  gauges_->connection.queue(waiting);
  gauges_->server->own().queue(memory);
}

void Output::discount(std::size_t waiting, std::size_t memory) {
  size_ -= waiting;
  gauges_->connection.unqueue(waiting);
  gauges_->server->own().unqueue(memory);
}

// A shared message's memory is its own: here it's a reference that goes with the last byte.
void Output::discount_rest(const Piece& piece, std::size_t gone) {
  const std::size_t rest = piece.size() - gone;
  discount(rest, piece.shared ? protocol::Outlet::reference_cost : rest);
}

Output::Piece& Output::append_piece(Buffer own) {
  Piece& piece = pieces_.emplace_back();
  piece.own = std::move(own);
  return piece;
}

// In steps that double: else each large message would move all of them.
void Output::reserve_pieces(std::size_t more) {
  const std::size_t needed = pieces_.size() + more;
  if (needed > pieces_.capacity()) pieces_.reserve(std::max(needed, pieces_.capacity() * 2));
}

Buffer& Output::begin_frame(std::size_t most) {
  Piece* last = last_piece();
  const bool is_shared = last && last->has_room() && last->own.size() + most <= low_mark;
  if (!is_shared) last = &append_piece(std::exchange(spare_, {}));
  Buffer& own = last->own;
  frame_begin_ = own.size();
  const std::size_t needed = frame_begin_ + most;
  if (needed > own.capacity()) {
    own.reserve(most > low_mark ? needed : std::clamp(own.capacity() * 2, needed, low_mark));
  }
  return own;
}

void Output::end_frame() {
  const std::size_t added = pieces_.back().own.size() - frame_begin_;
  count(added, added);
}

void Output::append_copy(Bytes frame) {
  begin_frame(frame.size()).append(frame);
  end_frame();
}

void Output::append_shared(const protocol::SharedMessage& message) {
  const Bytes frame = message.view().frame();
  if (is_large(message.view())) return append_fragments(message.frames(), frame);
  Piece* const last = last_piece();
  const bool is_same = last && last->shared == message.frames() && !last->is_fragment();
  if (is_same && is_next_to(last->shared_bytes, frame)) {
    last->shared_bytes = {last->shared_bytes.data(), last->shared_bytes.size() + frame.size()};
    return count(frame.size(), 0);
  }
  if (frame.size() < smallest_shared) return append_copy(frame);
  Piece& piece = append_piece({});
  piece.shared = message.frames();
  piece.shared_bytes = frame;
  count(frame.size(), protocol::Outlet::reference_cost);
}

// The frame's header has what it is, and whether it's compressed.
void Output::append_fragments(const protocol::SharedFramesPtr& frames, Bytes frame) {
  protocol::FrameHeader header;
  protocol::Failure failure;
  protocol::decode_frame_header(frame, header, failure);
  append_fragments(frames, header, frame);
}

// All or none of them, should memory run out.
void Output::append_fragments(const protocol::SharedFramesPtr& frames,
                              const protocol::FrameHeader& header, Bytes payload) {
  reserve_pieces(protocol::Fragments::count_for(payload.size()));
  for (protocol::Fragments fragments(header, payload); !fragments.ended();) {
    const protocol::Fragment fragment = fragments.take();
    Piece& piece = append_piece({});
    piece.header_size =
        static_cast<std::uint8_t>(protocol::encode_frame_header(fragment.header, piece.header));
    piece.shared = frames;
    piece.shared_bytes = fragment.payload;
    count(piece.size(), protocol::Outlet::reference_cost);
  }
}

Output::Borrowed::Borrowed(Output& output, std::size_t most)
    : output_(output),
      kept_(std::make_shared<protocol::SharedFrames>(output.gauges_->server, most)),
      room_(most) {}

void Output::Borrowed::append(const protocol::FrameHeader& header, Bytes payload) {
  output_.append_fragments(kept_, header, payload);
  room_ -= payload.size();
}

Output::Borrowed::~Borrowed() {
  for (std::size_t i = output_.head_; i < output_.pieces_.size(); ++i) {
    Piece& piece = output_.pieces_[i];
    if (piece.shared == kept_) piece.shared_bytes = kept_->append_part(piece.shared_bytes);
  }
}

void Output::append_encoded(const protocol::Session& session, const protocol::FrameHeader& header,
                            Bytes payload) {
  if (payload.size() <= protocol::Fragments::most) return append_frame(session, header, payload);
  for (protocol::Fragments fragments(header, payload); !fragments.ended();) {
    const protocol::Fragment fragment = fragments.take();
    append_frame(session, fragment.header, fragment.payload);
  }
}

void Output::append_frame(const protocol::Session& session, const protocol::FrameHeader& header,
                          Bytes payload) {
  session.encode(begin_frame(payload.size() + protocol::max_frame_header_size), header, payload);
  end_frame();
}

void Output::append_large(protocol::Message message) {
  auto frames = std::make_shared<const protocol::SharedFrames>(gauges_->server,
                                                               std::move(message).take_memory());
  append_fragments(frames, frames->bytes());
}

void Output::append_message(protocol::OutgoingMessage& message) {
  const std::size_t size = message.view().frame().size();
  if (message.shared) {
    append_shared(*message.shared);
  } else if (is_large(message.own.view())) {
    append_large(std::move(message.own));
  } else if (size < smallest_own) {
    append_copy(message.own.frame());
  } else {
    append_piece(std::move(message.own).take_memory());
    count(size, size);
  }
  message.charge.arrive();
}

void Output::append_waiting(protocol::OutgoingMessage& message, bool is_compressed) {
  if (!waiting_) waiting_ = std::make_unique<WaitingMessages>();
  const std::size_t size = message.view().frame().size(), memory = memory_of(message);
  protocol::OutgoingMessage kept{std::move(message.own), std::move(message.shared), {}};
  waiting_->push({std::move(kept), is_compressed, 0, {}});
  count(size, memory);
  message.charge.arrive();
}

WaitingMessage Output::take_waiting() {
  WaitingMessage first = waiting_->pop();
  discount(first.message.view().frame().size(), memory_of(first.message));
  return first;
}

void Output::end_waiting() {
  const std::unique_ptr<WaitingMessages> ended = std::move(waiting_);
  const Buffer last = ended->take_last_frame();
  if (!last.empty()) append_copy(last.bytes());
}

// Returns how many messages are lost by it.
std::size_t Output::drop_waiting() {
  std::size_t lost = 0;
  while (waiting_ && !waiting_->empty()) {
    if (take_waiting().message.view().ends_message()) ++lost;
  }
  waiting_.reset();
  return lost;
}

void Output::append_raw(std::string bytes) {
  if (bytes.empty()) return;
  const std::size_t size = bytes.size();
  auto raw = std::make_unique<std::string>(std::move(bytes));
  Piece& piece = append_piece({});
  piece.kind = Kind::raw;
  piece.raw = std::move(raw);
  count(size, size);
}

void Output::append_raw(Buffer bytes) {
  if (bytes.empty()) return;
  const std::size_t size = bytes.size();
  append_piece(std::move(bytes)).kind = Kind::raw;
  count(size, size);
}

// Control frames stay in order: each lies in the first piece or in those of control frames behind
// it. The first one may be under way, unless it's a message of its own.
void Output::append_control(std::string_view frame) {
  std::size_t at = head_;
  if (at < pieces_.size() && (offset_ > 0 || pieces_[at].has_room())) ++at;
  while (at < pieces_.size() && pieces_[at].kind != Kind::frames) ++at;
  if (at == head_ || !pieces_[at - 1].has_room()) {
    pieces_.insert(pieces_.begin() + static_cast<std::ptrdiff_t>(at), Piece{})->kind =
        Kind::control;
    ++at;
  }
  pieces_[at - 1].own.append(frame);
  count(frame.size(), frame.size());
}

void Output::ask_sources() {
  while (size_ < low_mark && !sources_.empty()) {
    if (!sources_.front()->produce(*this)) sources_.erase(sources_.begin());
  }
}

std::size_t Output::gather(std::span<Bytes> pieces) const {
  std::size_t count = 0;
  std::size_t gone = offset_;
  for (std::size_t i = head_; i < pieces_.size() && count < pieces.size(); ++i) {
    const Piece& piece = pieces_[i];
    const std::size_t gone_of_header = std::min<std::size_t>(gone, piece.header_size);
    const Bytes header = piece.header_bytes().subspan(gone_of_header);
    const Bytes bytes = piece.bytes().subspan(gone - gone_of_header);
    gone = 0;
    if (!header.empty()) pieces[count++] = header;
    if (!bytes.empty() && count < pieces.size()) pieces[count++] = bytes;
  }
  return count;
}

void Output::consume(std::size_t count) {
  gone_ += count;
  while (count > 0) {
    Piece& piece = pieces_[head_];
    const std::size_t left = piece.size() - offset_;
    if (count < left) {
      discount(count, piece.shared ? 0 : count);
      offset_ += count;
      break;
    }
    discount_rest(piece, offset_);
    count -= left;
    offset_ = 0;
    if (size_ == 0) break;  // all is cleared below, and one piece's memory kept
    pieces_[head_++] = Piece{};
  }
  if (size_ == 0) {
    forget_all(low_mark);
  } else if (head_ > most_gone && head_ * 2 > pieces_.size()) {
    pieces_.erase(pieces_.begin(), pieces_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
}

// The first piece: it holds the memory of others no longer. Or nothing has changed, should memory
// run out.
void Output::own(Piece& piece) {
  piece.own.reserve(piece.size());
  piece.own.append(piece.header_bytes());
  piece.own.append(piece.shared_bytes);
  piece.header_size = 0;
  count(0, piece.own.size() - offset_);
  discount(0, protocol::Outlet::reference_cost);
  piece.shared = nullptr;
}

std::size_t Output::count_messages(const Piece& piece) {
  if (!piece.is_fragment()) return count_messages_in(piece.bytes());
  constexpr std::byte fin{0x80};
  return (piece.header.front() & fin) == fin ? 1 : 0;
}

std::size_t Output::cut_after_frame_under_way(Piece& piece) {
  if (piece.is_fragment()) {
    if (offset_ < piece.size()) own(piece);
    return 0;
  }
  const Bytes all = piece.bytes();
  Bytes rest = all;
  while (all.size() - rest.size() < offset_) take_frame(rest);
  const std::size_t lost = count_messages_in(rest);
  if (rest.empty()) return 0;
  const std::size_t left = all.size() - rest.size();
  discount(rest.size(), piece.shared ? 0 : rest.size());
  if (piece.shared) {
    piece.shared_bytes = all.first(left);
    own(piece);
  } else {
    piece.own.truncate(left);
  }
  return lost;
}

std::size_t Output::drop_unbegun() {
  std::size_t lost = drop_waiting();
  std::size_t keep = head_;
  std::size_t next = head_;
  sources_.clear();
  if (offset_ > 0) {
    Piece& head = pieces_[next++];
    if (head.kind != Kind::raw) lost += cut_after_frame_under_way(head);
    if (offset_ < head.size()) {
      ++keep;
    } else {  // no frame is under way: the first ones have gone
      discount_rest(head, std::exchange(offset_, 0));
    }
  }
  for (std::size_t i = next; i < pieces_.size(); ++i) {
    if (pieces_[i].kind != Kind::raw) {
      lost += count_messages(pieces_[i]);
      discount_rest(pieces_[i], 0);
    } else if (keep++ != i) {
      pieces_[keep - 1] = std::move(pieces_[i]);
    }
  }
  pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(keep), pieces_.end());
  waits_.cut(gone_ + size_);
  if (size_ == 0) {
    waits_.clear();
    forget_all(low_mark);
  }
  return lost;
}

void Output::clear(std::size_t capacity) {
  if (waiting_) drop_waiting();
  sources_.clear();
  for (std::size_t i = head_; size_ > 0; ++i) discount_rest(pieces_[i], i == head_ ? offset_ : 0);
  gone_ = 0;
  waits_.clear();
  forget_all(capacity);
}

void Output::forget_all(std::size_t capacity) {
  if (pieces_.empty() && spare_.capacity() <= capacity) return;
  for (Piece& piece : pieces_) {
    if (piece.own.capacity() <= capacity && piece.own.capacity() > spare_.capacity()) {
      spare_ = std::move(piece.own);
    }
  }
  if (spare_.capacity() > capacity) spare_.release();
  spare_.clear();
  pieces_.clear();
  if (pieces_.capacity() > most_gone) std::vector<Piece>().swap(pieces_);
  head_ = 0;
  offset_ = 0;
}

}  // namespace simws::endpoint
