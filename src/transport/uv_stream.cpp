#include "transport/uv_stream.h"

#include "transport/uv_loop.h"

#include <utility>

namespace simws::transport {

std::unique_ptr<UvStream> UvStream::make(UvLoop& loop, Socket socket, const Address& remote) {
  auto handle = std::make_unique<uv_poll_t>();
  if (uv_poll_init_socket(loop.uv(), handle.get(), socket.descriptor()) != 0) return nullptr;
  HandlePtr<uv_poll_t> owned(handle.release());
  return std::unique_ptr<UvStream>(new UvStream(loop, std::move(socket), remote, std::move(owned)));
}

UvStream::UvStream(UvLoop& loop, Socket socket, const Address& remote, HandlePtr<uv_poll_t> handle)
    : loop_(loop), handle_(std::move(handle)), socket_(std::move(socket)), remote_(remote) {
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

std::size_t UvStream::pending_bytes() const {
  return pending_ ? pending_->bytes.size() - pending_->sent : 0;
}

std::size_t UvStream::write(std::span<const Bytes> pieces) {
  if (!takes_writes()) return 0;
  Pieces rest(pieces);
  std::size_t taken = 0;
  if (!pending_) taken = send_now(rest);
  return taken + keep(rest);
}

Socket* UvStream::begin_write() {
  return takes_writes() && !pending_ ? &socket_ : nullptr;
}

std::size_t UvStream::end_write(Bytes piece, const Transfer& transfer) {
  Pieces rest({&piece, 1});
  note_sent(rest, transfer);
  return transfer.bytes + keep(rest);
}

std::size_t UvStream::send_now(Pieces& pieces) {
  std::size_t sent = 0;
  bool takes_more = true;
  while (takes_more && !pieces.empty()) {
    const Transfer transfer = socket_.send(pieces);
    takes_more = note_sent(pieces, transfer);
    sent += transfer.bytes;
  }
  return sent;
}

// False: the system hasn't taken the whole batch, and needn't be asked again.
bool UvStream::note_sent(Pieces& pieces, const Transfer& transfer) {
  if (transfer.error != 0) {
    if (!would_block(transfer.error)) lose(transfer.error);
    return false;
  }
  const std::size_t offered = pieces.batch_size();
  pieces.consume(transfer.bytes);
  return transfer.bytes == offered;
}

// What the system hasn't taken, as far as there's room.
std::size_t UvStream::keep(Pieces& pieces) {
  if (pieces.empty() || error_ != 0) return 0;
  if (!pending_) pending_ = std::make_unique<Pending>();
  auto& bytes = pending_->bytes;
  if (pending_->sent > 0) {
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(pending_->sent));
    pending_->sent = 0;
  }
  const std::size_t kept = pieces.move_to(bytes, max_pending - bytes.size());
  watch();
  return kept;
}

void UvStream::finish_writing() {
  if (!is_open() || is_finishing_) return;
  is_finishing_ = true;
  if (!pending_) socket_.finish_writing();
}

void UvStream::close() {
  leave_loop();
  socket_.close();
}

void UvStream::reset() {
  leave_loop();
  socket_.reset();
}

void UvStream::leave_loop() {
  handle_.reset();
  pending_.reset();
  if (place_in_reads_ != nowhere) loop_.reads().remove(*this);
  place_in_reads_ = nowhere;
}

int UvStream::wanted_events() const {
  if (is_loss_told_) return 0;
  if (error_ != 0) return UV_READABLE;
  return (is_reading_ && !is_ended_ ? UV_READABLE : 0) | (pending_ ? UV_WRITABLE : 0);
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
  self.handle_ready(events);
}

// What the peer sent before the connection was lost still counts: it's read before the loss is
// told. Reading comes last, for another stream's handler may destroy this one then.
void UvStream::handle_ready(int events) {
  const bool is_readable = (events & UV_READABLE) != 0;
  if (error_ != 0 && !(is_readable && wants_data())) tell_loss();
  if ((events & UV_WRITABLE) != 0 && pending_ && error_ == 0) send_pending();
  watch();
  if (is_readable && is_open() && wants_data()) loop_.reads().add(*this);
}

void UvStream::handle_received(const Transfer& transfer, MutableBytes buffer) {
  if (transfer.bytes > 0) return handler_->on_data(buffer.first(transfer.bytes));
  if (would_block(transfer.error)) return;
  if (error_ == 0) error_ = transfer.error;
  if (error_ != 0) return tell_loss();
  is_ended_ = true;
  watch();
  handler_->on_end(false, "");
}

void UvStream::send_pending() {
  const Bytes left = Bytes(pending_->bytes).subspan(pending_->sent);
  const Transfer transfer = socket_.send(Pieces({&left, 1}));
  if (transfer.error != 0) {
    if (!would_block(transfer.error)) lose(transfer.error);
    return;
  }
  pending_->sent += transfer.bytes;
  if (transfer.bytes < left.size()) return;
  pending_.reset();
  if (is_finishing_) socket_.finish_writing();
  watch();
  handler_->on_writable();
}

// The ended socket is readable: `on_ready` follows.
void UvStream::lose(int error) {
  error_ = error;
  pending_.reset();
  socket_.abandon();
  watch();
}

void UvStream::tell_loss() {
  is_loss_told_ = true;
  pending_.reset();
  watch();
  handler_->on_end(true, words(error_));
}

}  // namespace simws::transport
