#include "transport/socket_connecting.h"

#include "transport/socket_stream.h"
#include "transport/task_queue.h"
#include "transport/uv_loop.h"

#include <utility>

namespace simws::transport {
namespace {

std::unique_ptr<Connecting> fail(UvLoop& loop, ConnectHandler on_done, const Error& error) {
  auto failed = std::make_unique<AwaitedConnecting>(std::move(on_done));
  tell_later(loop, failed->handler(), error);
  return failed;
}

}  // namespace

std::unique_ptr<Connecting> SocketConnecting::make(UvLoop& loop, const Address& to,
                                                   ConnectHandler on_done) {
  Result<Socket> socket = Socket::start_connecting(to);
  if (!socket) return fail(loop, std::move(on_done), socket.error());
  std::unique_ptr<SocketConnecting> connecting(
      new SocketConnecting(loop, std::move(socket).value(), to, std::move(on_done)));
  SocketConnecting& self = *connecting;
  const auto added = loop.watches().add(self.socket_.descriptor(), self, writable);
  self.is_watched_ = added.ok();
  if (!added) tell_later(loop, self.awaited_.handler(), added.error());
  return connecting;
}

SocketConnecting::SocketConnecting(UvLoop& loop, Socket socket, const Address& to,
                                   ConnectHandler on_done)
    : loop_(loop), socket_(std::move(socket)), to_(to), awaited_(std::move(on_done)) {}

// What has come of it the socket itself knows.
void SocketConnecting::on_ready(Events) {
  loop_.note_event();
  const auto handler = awaited_.handler();
  run_task([&] { tell(handler, finish()); });
}

void SocketConnecting::loop_ends() {
  end_watch();
  socket_ = Socket();
}

void SocketConnecting::end_watch() {
  if (is_watched_) loop_.watches().remove(socket_.descriptor());
  is_watched_ = false;
}

// A socket is watched for one at a time.
Result<std::unique_ptr<Stream>> SocketConnecting::finish() {
  end_watch();
  Socket socket = std::move(socket_);
  if (const Result<void> connected = socket.finish_connecting(to_); !connected) {
    return connected.error();
  }
  const std::uint64_t opening = socket.acknowledged_bytes().value_or(0);
  std::unique_ptr<Stream> stream = SocketStream::make(loop_, std::move(socket), to_, opening);
  if (!stream) return Error{ErrorCode::unavailable, "the system can't watch the socket"};
  return stream;
}

}  // namespace simws::transport
