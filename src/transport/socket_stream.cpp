#include "transport/socket_stream.h"

#include "transport/task_queue.h"
#include "transport/uv_loop.h"

#include <algorithm>
#include <utility>

namespace simws::transport {

std::unique_ptr<SocketStream> SocketStream::make(UvLoop& loop, Socket socket, const Address& remote,
                                                 std::uint64_t opening) {
  std::unique_ptr<SocketStream> stream(new SocketStream(loop, std::move(socket), remote, opening));
  SocketStream& self = *stream;
  self.is_watched_ = loop.watches().add(self.socket_.descriptor(), self, self.watched_).ok();
  return self.is_watched_ ? std::move(stream) : nullptr;
}

// It's watched for what comes from the beginning on: nearly all are read at once.
SocketStream::SocketStream(UvLoop& loop, Socket socket, const Address& remote,
                           std::uint64_t opening)
    : loop_(loop),
      socket_(std::move(socket)),
      remote_(remote),
      acknowledged_at_start_(static_cast<std::uint8_t>(opening)) {}

SocketStream::~SocketStream() {
  close();
}

void SocketStream::start_reading() {
  is_reading_ = true;
  watch();
}

void SocketStream::stop_reading() {
  is_reading_ = false;
  watch();
}

std::size_t SocketStream::write(std::span<const Bytes> pieces) {
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

Outgoing SocketStream::begin_write(Bytes bytes) {
  return takes_writes() ? Outgoing{&socket_, bytes} : Outgoing{};
}

std::size_t SocketStream::end_write(Bytes bytes, const Transfer& transfer) {
  note_sent(transfer, bytes.size());
  return transfer.bytes;
}

// What the system hasn't taken at once it needn't be asked for until there's room.
void SocketStream::note_sent(const Transfer& transfer, std::size_t offered) {
  if (transfer.error != 0 && !would_block(transfer.error)) return lose(transfer.error);
  sent_bytes_ += transfer.bytes;
  wants_room_ = transfer.bytes < offered;
  watch();
}

// The system counts the end of the sending side as a byte.
std::optional<std::uint64_t> SocketStream::acknowledged_bytes() const {
  const auto acknowledged = socket_.acknowledged_bytes();
  if (!acknowledged) return std::nullopt;
  return std::min(*acknowledged - acknowledged_at_start_, sent_bytes_);
}

std::size_t SocketStream::readable_bytes() const {
  return socket_.readable_bytes();
}

void SocketStream::finish_writing() {
  if (!is_open() || is_finishing_) return;
  is_finishing_ = true;
  wants_room_ = false;
  watch();
  socket_.finish_writing();
}

void SocketStream::close() {
  leave_loop();
  if (is_ended_) {
    socket_ = Socket();
  } else {
    socket_.close();
  }
}

void SocketStream::reset() {
  leave_loop();
  socket_.reset();
}

void SocketStream::leave_loop() {
  if (is_watched_) loop_.watches().remove(socket_.descriptor());
  is_watched_ = false;
  if (place_in_reads_ != nowhere) loop_.reads().remove(*this);
  place_in_reads_ = nowhere;
}

Events SocketStream::wanted_events() const {
  if (is_loss_told_) return 0;
  if (error_ != 0) return readable;
  return (wants_data() ? readable : 0U) | (wants_room_ ? writable : 0U);
}

void SocketStream::watch() {
  const Events events = wanted_events();
  if (!is_watched_ || events == watched_) return;
  watched_ = static_cast<std::uint8_t>(events);
  loop_.watches().change(socket_.descriptor(), events);
}

// What is wrong with it the socket itself knows.
void SocketStream::on_ready(Events events) {
  events &= wanted_events();
  if (events == 0) return;
  loop_.note_event();
  run_task([&] { handle_ready(events); });
}

// Who has been told of the end mostly closes: then the system needn't be asked to watch no longer.
void SocketStream::tell_end(bool lost, std::string reason) {
  handler_->on_end(lost, std::move(reason));
  watch();
}

// What the peer sent before the connection was lost still counts: it's read before the loss is
// told. Reading comes last, for another stream's handler may destroy this one then.
void SocketStream::handle_ready(Events events) {
  const bool is_readable = (events & readable) != 0;
  if (error_ != 0 && !(is_readable && wants_data())) tell_loss();
  if ((events & writable) != 0 && wants_room_) tell_room();
  watch();
  if (is_readable && is_open() && wants_data()) loop_.reads().add(*this);
}

void SocketStream::handle_received(const Transfer& transfer, MutableBytes buffer) {
  if (transfer.bytes > 0) return handler_->on_data(buffer.first(transfer.bytes));
  if (would_block(transfer.error)) return;
  if (error_ == 0) error_ = transfer.error;
  if (error_ != 0) return tell_loss();
  is_ended_ = true;
  tell_end(false, "");
}

void SocketStream::tell_room() {
  wants_room_ = false;
  handler_->on_writable();
}

// The ended socket is readable: `on_ready` follows.
void SocketStream::lose(int error) {
  error_ = error;
  wants_room_ = false;
  socket_.abandon();
  watch();
}

void SocketStream::tell_loss() {
  is_loss_told_ = true;
  wants_room_ = false;
  tell_end(true, words(error_));
}

}  // namespace simws::transport
