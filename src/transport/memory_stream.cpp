#include "transport/memory_stream.h"

#include <system_error>
#include <utility>

namespace simws::transport {

MemoryStream::MemoryStream(MemoryLoopImpl& loop, std::shared_ptr<MemoryLink> link,
                           const Address& remote)
    : MemoryPart(loop), link_(std::move(link)), remote_(remote) {
  link_->stream = this;
}

void MemoryStream::start_reading() {
  is_reading_ = true;
  tell_later();
}

std::size_t MemoryStream::write(std::span<const Bytes> pieces) {
  Pieces rest(pieces);
  if (!is_open() || is_finishing_ || is_lost_ || is_loss_told_ || rest.empty()) return 0;
  if (loop()->count_operation() || link_->peer_reset) {
    is_lost_ = true;
    tell_later();
    return 0;
  }
  std::vector<std::byte> taken;
  rest.move_to(taken, link_->room());
  link_->to_peer += as_text(taken);
  wants_room_ = !rest.empty();
  return taken.size();
}

std::optional<std::uint64_t> MemoryStream::acknowledged_bytes() const {
  if (!is_open()) return std::nullopt;
  return link_->taken_by_peer;
}

std::size_t MemoryStream::readable_bytes() const {
  return is_open() ? link_->to_stream.size() : 0;
}

void MemoryStream::finish_writing() {
  is_finishing_ = true;
  wants_room_ = false;
  if (is_open()) link_->stream_ended = true;
}

void MemoryStream::close() {
  if (!is_open()) return;
  leave();
  link_->stream_ended = true;
}

void MemoryStream::reset() {
  if (!is_open()) return;
  leave();
  link_->stream_reset = true;
}

void MemoryStream::leave() {
  link_->stream = nullptr;
  is_reading_ = false;
  loop()->forget(*this);
}

// As on a socket, a loss shows when there's nothing left to read or, to who doesn't read, by a
// write.
MemoryStream::News MemoryStream::next_news() const {
  if (!is_open() || is_loss_told_) return News::none;
  const bool reads = is_reading_ && !is_end_told_;
  if (reads && !link_->to_stream.empty()) return News::data;
  if (is_lost_ || (reads && link_->peer_reset)) return News::loss;
  if (reads && link_->peer_finished) return News::end;
  if (wants_room_ && link_->room() > 0) return News::room;
  return News::none;
}

void MemoryStream::tell() {
  switch (next_news()) {
    case News::data:
      tell_data();
      break;
    case News::loss:
      tell_loss();
      break;
    case News::end:
      is_end_told_ = true;
      handler_->on_end(false, "");
      break;
    case News::room:
      wants_room_ = false;
      handler_->on_writable();
      break;
    case News::none:
      break;
  }
  tell_later();
}

void MemoryStream::tell_data() {
  std::string data = std::exchange(link_->to_stream, {});
  if (loop()->count_operation()) return tell_loss();
  handler_->on_data(as_mutable_bytes(data));
}

void MemoryStream::tell_loss() {
  is_loss_told_ = true;
  handler_->on_end(true, std::make_error_code(std::errc::connection_reset).message());
}

void MemoryStream::tell_at_once() {
  if (has_news()) loop()->tell(*this);
}

void MemoryStream::tell_later() {
  if (has_news()) loop()->tell_later(*this);
}

void MemoryPeerImpl::send(std::string_view data) {
  if (link_->peer_finished || link_->peer_reset) return;
  link_->to_stream += data;
  tell_stream();
}

void MemoryPeerImpl::finish() {
  link_->peer_finished = true;
  tell_stream();
}

void MemoryPeerImpl::reset() {
  link_->peer_reset = true;
  tell_stream();
}

std::string MemoryPeerImpl::take() {
  std::string taken = std::exchange(link_->to_peer, {});
  link_->taken_by_peer += taken.size();
  tell_stream();
  return taken;
}

void MemoryPeerImpl::set_window(std::size_t bytes) {
  link_->window = bytes;
  tell_stream();
}

bool MemoryPeerImpl::is_read() const {
  return link_->stream != nullptr && link_->stream->is_reading();
}

void MemoryPeerImpl::tell_stream() {
  if (link_->stream != nullptr) link_->stream->tell_at_once();
}

}  // namespace simws::transport
