#include "transport/uv_listener.h"

#include "transport/uv_loop.h"
#include "transport/uv_stream.h"

#include <utility>

namespace simws::transport {
namespace {

// So that a flood of connections leaves the others their turn.
constexpr int max_accepts_per_turn = 256;

}  // namespace

Result<std::unique_ptr<Listener>> UvListener::make(UvLoop& loop, const Address& address,
                                                   AcceptHandler on_accept) {
  Result<Socket> socket = Socket::listen(address);
  if (!socket) return std::move(socket).error();
  auto handle = std::make_unique<uv_poll_t>();
  const int error = uv_poll_init_socket(loop.uv(), handle.get(), socket->descriptor());
  if (error != 0) return Error{ErrorCode::unavailable, uv_strerror(error)};
  HandlePtr<uv_poll_t> owned(handle.release());
  return std::unique_ptr<Listener>(
      new UvListener(loop, std::move(socket).value(), std::move(on_accept), std::move(owned)));
}

UvListener::UvListener(UvLoop& loop, Socket socket, AcceptHandler on_accept,
                       HandlePtr<uv_poll_t> handle)
    : loop_(loop),
      handle_(std::move(handle)),
      retry_(new uv_timer_t{}),
      socket_(std::move(socket)),
      address_(socket_.local_address()),
      on_accept_(std::make_shared<AcceptHandler>(std::move(on_accept))) {
  uv_timer_init(loop.uv(), retry_.get());
  handle_->data = retry_->data = static_cast<HandleOwner*>(this);
  watch();
}

void UvListener::loop_ends() {
  handle_.reset();
  retry_.reset();
  socket_ = Socket();
}

void UvListener::watch() {
  uv_poll_start(handle_.get(), UV_READABLE, on_ready);
}

void UvListener::pause() {
  uv_poll_stop(handle_.get());
  const auto again = [](uv_timer_t* timer) {
    static_cast<UvListener*>(static_cast<HandleOwner*>(timer->data))->watch();
  };
  uv_timer_start(retry_.get(), again, retry_interval.count(), 0);
}

void UvListener::on_ready(uv_poll_t* handle, int status, int) {
  for (int i = 0; i < max_accepts_per_turn && handle->data != nullptr; ++i) {
    UvListener& self = *static_cast<UvListener*>(static_cast<HandleOwner*>(handle->data));
    if (!self.accept_one()) break;
  }
  // After an error libuv no longer watches.
  if (status < 0 && handle->data != nullptr) {
    static_cast<UvListener*>(static_cast<HandleOwner*>(handle->data))->pause();
  }
}

// False: none is left to accept, or the listener has been destroyed.
bool UvListener::accept_one() {
  Address from;
  int error = 0;
  Socket socket = socket_.accept(from, error);
  if (!socket.is_open()) {
    if (concerns_one_connection(error)) return true;
    if (!would_block(error)) pause();
    return false;
  }
  std::unique_ptr<UvStream> stream = UvStream::make(loop_, std::move(socket), from);
  if (!stream) return true;
  loop_.note_event();
  const auto on_accept = on_accept_;  // outlives the listener, should the handler destroy it
  (*on_accept)(std::move(stream));
  return true;
}

}  // namespace simws::transport
