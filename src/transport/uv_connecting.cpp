#include "transport/uv_connecting.h"

#include "transport/task_queue.h"
#include "transport/uv_loop.h"
#include "transport/uv_stream.h"

#include <utility>

namespace simws::transport {
namespace {

std::unique_ptr<Connecting> fail(UvLoop& loop, ConnectHandler on_done, const Error& error) {
  auto failed = std::make_unique<AwaitedConnecting>(std::move(on_done));
  tell_later(loop, failed->handler(), error);
  return failed;
}

}  // namespace

std::unique_ptr<Connecting> UvConnecting::make(UvLoop& loop, const Address& to,
                                               ConnectHandler on_done) {
  Result<Socket> socket = Socket::start_connecting(to);
  if (!socket) return fail(loop, std::move(on_done), socket.error());
  auto handle = std::make_unique<uv_poll_t>();
  const int error = uv_poll_init_socket(loop.uv(), handle.get(), socket->descriptor());
  if (error != 0) {
    return fail(loop, std::move(on_done), {ErrorCode::unavailable, uv_strerror(error)});
  }
  HandlePtr<uv_poll_t> owned(handle.release());
  return std::unique_ptr<Connecting>(
      new UvConnecting(loop, std::move(socket).value(), to, std::move(on_done), std::move(owned)));
}

UvConnecting::UvConnecting(UvLoop& loop, Socket socket, const Address& to, ConnectHandler on_done,
                           HandlePtr<uv_poll_t> handle)
    : loop_(loop),
      handle_(std::move(handle)),
      socket_(std::move(socket)),
      to_(to),
      awaited_(std::move(on_done)) {
  handle_->data = static_cast<HandleOwner*>(this);
  // Whatever libuv has to say, the socket knows better.
  uv_poll_start(handle_.get(), UV_WRITABLE, [](uv_poll_t* ready, int, int) {
    auto& self = *static_cast<UvConnecting*>(static_cast<HandleOwner*>(ready->data));
    self.loop_.note_event();
    const auto handler = self.awaited_.handler();
    run_task([&] { tell(handler, self.finish()); });
  });
}

void UvConnecting::loop_ends() {
  handle_.reset();
  socket_ = Socket();
}

// libuv watches a socket for one handle at a time.
Result<std::unique_ptr<Stream>> UvConnecting::finish() {
  handle_.reset();
  Socket socket = std::move(socket_);
  if (const Result<void> connected = socket.finish_connecting(to_); !connected) {
    return connected.error();
  }
  const std::uint64_t opening = socket.acknowledged_bytes().value_or(0);
  std::unique_ptr<Stream> stream = UvStream::make(loop_, std::move(socket), to_, opening);
  if (!stream) return Error{ErrorCode::unavailable, "the system can't watch the socket"};
  return stream;
}

}  // namespace simws::transport
