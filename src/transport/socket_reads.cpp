#include "transport/socket_reads.h"

#include "transport/socket_stream.h"
#include "transport/task_queue.h"

#include <optional>

namespace simws::transport {

// libuv asks the system again as long as it's told of very many at once, so those that are told
// must not be left unread until it's done.
void SocketReads::add(SocketStream& stream) {
  if (stream.place_in_reads_ != SocketStream::nowhere) return;
  stream.place_in_reads_ = static_cast<std::uint32_t>(ready_.size());
  ready_.push_back(&stream);
  if (ready_.size() == most_together) run();
}

void SocketReads::remove(const SocketStream& stream) {
  ready_[stream.place_in_reads_] = nullptr;
}

void SocketReads::run() {
  if (ready_.size() == 1) {
    read(ready_.front());
  } else {
    read_together();
  }
  for (SocketStream* const stream : ready_) {
    if (stream) stream->place_in_reads_ = SocketStream::nowhere;
  }
  ready_.clear();
}

void SocketReads::read_together() {
  std::array<std::optional<Transfer>, most_together> transfers;
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    SocketStream* const stream = ready_[i];
    if (is_read(stream) && !stream->reads_much_) transfers[i] = stream->socket_.receive(part(i));
  }
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    if (ready_[i] && transfers[i]) hand_on(*ready_[i], *transfers[i], part(i));
  }
  for (SocketStream* const& stream : ready_) {
    if (stream && stream->reads_much_) read(stream);
  }
}

void SocketReads::read(SocketStream* stream) {
  if (!is_read(stream)) return;
  const MutableBytes buffer = MutableBytes(*buffer_).first(stream->handler_->most_at_once());
  hand_on(*stream, stream->socket_.receive(buffer), buffer);
}

bool SocketReads::is_read(const SocketStream* stream) {
  return stream && stream->wants_data();
}

void SocketReads::hand_on(SocketStream& stream, const Transfer& transfer, MutableBytes buffer) {
  stream.reads_much_ = transfer.bytes >= part_size;
  run_task([&] { stream.handle_received(transfer, buffer); });
}

}  // namespace simws::transport
