#include "transport/uv_stream.h"

#include "transport/task_queue.h"
#include "transport/uv_loop.h"

#include <algorithm>
#include <utility>

namespace simws::transport {

std::unique_ptr<UvStream> UvStream::make(UvLoop& loop, Socket socket, const Address& remote,
                                         std::uint64_t opening) {
  auto handle = std::make_unique<uv_poll_t>();
  if (uv_poll_init_socket(loop.uv(), handle.get(), socket.descriptor()) != 0) return nullptr;
  HandlePtr<uv_poll_t> owned(handle.release());
  return std::unique_ptr<UvStream>(
      new UvStream(loop, std::move(socket), remote, std::move(owned), opening));
}

UvStream::UvStream(UvLoop& loop, Socket socket, const Address& remote, HandlePtr<uv_poll_t> handle,
                   std::uint64_t opening)
    : loop_(loop),
      handle_(std::move(handle)),
      socket_(std::move(socket)),
      remote_(remote),
      acknowledged_at_start_(static_cast<std::uint8_t>(opening)) {
  handle_->data = static_cast<HandleOwner*>(this);
}

UvStream::~UvStream() {
  close();
}

void UvStream::start_reading() {
  is_reading_ = true;
  watch();
}

void UvStream::stop_reading() {
  is_reading_ = false;
  watch();
}

std::size_t UvStream::write(std::span<const Bytes> pieces) {
  Pieces rest(pieces);
  std::size_t taken = 0;
  while (takes_writes() && !rest.empty()) {
    const Transfer transfer = socket_.send(rest);
    note_sent(transfer, rest.batch_size());
    rest.consume(transfer.bytes);
    taken += transfer.bytes;
  }
  return taken;
}

Outgoing UvStream::begin_write(Bytes bytes) {
  return takes_writes() ? Outgoing{&socket_, bytes} : Outgoing{};
}

std::size_t UvStream::end_write(Bytes bytes, const Transfer& transfer) {
  note_sent(transfer, bytes.size());
  return transfer.bytes;
}

// What the system hasn't taken at once it needn't be asked for until there's room.
void UvStream::note_sent(const Transfer& transfer, std::size_t offered) {
  if (transfer.error != 0 && !would_block(transfer.error)) return lose(transfer.error);
  sent_bytes_ += transfer.bytes;
  wants_room_ = transfer.bytes < offered;
  watch();
}

// The system counts the end of the sending side as a byte.
std::optional<std::uint64_t> UvStream::acknowledged_bytes() const {
  const auto acknowledged = socket_.acknowledged_bytes();
  if (!acknowledged) return std::nullopt;
  return std::min(*acknowledged - acknowledged_at_start_, sent_bytes_);
}

std::size_t UvStream::readable_bytes() const {
  return socket_.readable_bytes();
}

void UvStream::finish_writing() {
  if (!is_open() || is_finishing_) return;
  is_finishing_ = true;
  wants_room_ = false;
  watch();
  socket_.finish_writing();
}

void UvStream::close() {
  leave_loop();
  if (is_ended_) {
    socket_ = Socket();
  } else {
    socket_.close();
  }
}

void UvStream::reset() {
  leave_loop();
  socket_.reset();
}

void UvStream::leave_loop() {
  handle_.reset();
  if (place_in_reads_ != nowhere) loop_.reads().remove(*this);
  place_in_reads_ = nowhere;
}

int UvStream::wanted_events() const {
  if (is_loss_told_) return 0;
  if (error_ != 0) return UV_READABLE;
  return (is_reading_ && !is_ended_ ? UV_READABLE : 0) | (wants_room_ ? UV_WRITABLE : 0);
}

void UvStream::watch() {
  const int events = wanted_events();
  if (!handle_ || events == watched_) return;
  watched_ = static_cast<std::uint8_t>(events);
  if (events == 0) {
    uv_poll_stop(handle_.get());
  } else {
    uv_poll_start(handle_.get(), events, on_ready);
  }
}

void UvStream::on_ready(uv_poll_t* handle, int status, int events) {
  UvStream& self = *static_cast<UvStream*>(static_cast<HandleOwner*>(handle->data));
  if (status < 0) {
    // libuv has stopped watching; the socket itself knows the error.
    self.watched_ = 0;
    events = UV_READABLE | UV_WRITABLE;
  }
  self.loop_.note_event();
  run_task([&] { self.handle_ready(events); });
}

// Who has been told of the end mostly closes: then the system needn't be asked to watch no longer.
void UvStream::tell_end(bool lost, std::string reason) {
  handler_->on_end(lost, std::move(reason));
  watch();
}

// What the peer sent before the connection was lost still counts: it's read before the loss is
// told. Reading comes last, for another stream's handler may destroy this one then.
void UvStream::handle_ready(int events) {
  const bool is_readable = (events & UV_READABLE) != 0;
  if (error_ != 0 && !(is_readable && wants_data())) tell_loss();
  if ((events & UV_WRITABLE) != 0 && wants_room_) tell_room();
  watch();
  if (is_readable && is_open() && wants_data()) loop_.reads().add(*this);
}

void UvStream::handle_received(const Transfer& transfer, MutableBytes buffer) {
  if (transfer.bytes > 0) return handler_->on_data(buffer.first(transfer.bytes));
  if (would_block(transfer.error)) return;
  if (error_ == 0) error_ = transfer.error;
  if (error_ != 0) return tell_loss();
  is_ended_ = true;
  tell_end(false, "");
}

void UvStream::tell_room() {
  wants_room_ = false;
  handler_->on_writable();
}

// The ended socket is readable: `on_ready` follows.
void UvStream::lose(int error) {
  error_ = error;
  wants_room_ = false;
  socket_.abandon();
  watch();
}

void UvStream::tell_loss() {
  is_loss_told_ = true;
  wants_room_ = false;
  tell_end(true, words(error_));
}

}  // namespace simws::transport
