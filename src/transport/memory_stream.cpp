#include "transport/memory_stream.h"

#include <system_error>
#include <utility>

namespace simws::transport {

MemoryStream::MemoryStream(MemoryLoopImpl& loop, MemoryEnd end, const Address& remote)
    : MemoryPart(loop), in_(std::move(end.in)), out_(std::move(end.out)), remote_(remote) {
  in_->reader = out_->writer = this;
}

void MemoryStream::start_reading() {
  is_reading_ = true;
  tell_later();
}

std::size_t MemoryStream::write(std::span<const Bytes> pieces) {
  Pieces rest(pieces);
  if (!is_open() || is_finishing_ || is_lost_ || is_loss_told_ || rest.empty()) return 0;
  if (loop()->count_operation() || in_->is_reset || out_->is_unheard) {
    is_lost_ = true;
    tell_later();
    return 0;
  }
  std::vector<std::byte> taken;
  rest.move_to(taken, out_->room());
  out_->bytes += as_text(taken);
  wants_room_ = !rest.empty();
  tell_other();
  return taken.size();
}

std::optional<std::uint64_t> MemoryStream::acknowledged_bytes() const {
  if (!is_open()) return std::nullopt;
  return out_->read_bytes;
}

std::size_t MemoryStream::readable_bytes() const {
  return is_open() ? in_->bytes.size() : 0;
}

void MemoryStream::finish_writing() {
  is_finishing_ = true;
  wants_room_ = false;
  if (!is_open()) return;
  out_->is_finished = true;
  tell_other();
}

void MemoryStream::close() {
  if (!is_open()) return;
  out_->is_finished = true;
  leave();
}

void MemoryStream::reset() {
  if (!is_open()) return;
  out_->is_reset = true;
  leave();
}

void MemoryStream::leave() {
  in_->reader = out_->writer = nullptr;
  in_->is_unheard = true;
  is_reading_ = false;
  loop()->forget(*this);
  tell_other();
}

// As on a socket, a loss shows when there's nothing left to read or, to who doesn't read, by a
// write.
MemoryStream::News MemoryStream::next_news() const {
  if (!is_open() || is_loss_told_) return News::none;
  const bool reads = is_reading_ && !is_end_told_;
  if (reads && !in_->bytes.empty()) return News::data;
  if (is_lost_ || (reads && in_->is_reset)) return News::loss;
  if (reads && in_->is_finished) return News::end;
  if (wants_room_ && out_->room() > 0) return News::room;
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
  std::string data = std::exchange(in_->bytes, {});
  in_->read_bytes += data.size();
  if (in_->writer != nullptr) in_->writer->tell_later();
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

void MemoryStream::tell_other() {
  if (out_->reader != nullptr) out_->reader->tell_later();
}

void MemoryPeerImpl::send(std::string_view data) {
  if (out_->is_finished || out_->is_reset) return;
  out_->bytes += data;
  tell_stream();
}

void MemoryPeerImpl::finish() {
  out_->is_finished = true;
  tell_stream();
}

void MemoryPeerImpl::reset() {
  out_->is_reset = true;
  tell_stream();
}

std::string MemoryPeerImpl::take() {
  std::string taken = std::exchange(in_->bytes, {});
  in_->read_bytes += taken.size();
  tell_stream();
  return taken;
}

void MemoryPeerImpl::set_window(std::size_t bytes) {
  in_->window = bytes;
  tell_stream();
}

bool MemoryPeerImpl::is_read() const {
  return out_->reader != nullptr && out_->reader->is_reading();
}

void MemoryPeerImpl::tell_stream() {
  if (out_->reader != nullptr) out_->reader->tell_at_once();
}

}  // namespace simws::transport
