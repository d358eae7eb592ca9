#include "transport/socket_process.h"

#include "transport/uv_loop.h"

namespace simws::transport {

Result<std::unique_ptr<HelperProcess>> SocketProcess::start(UvLoop& loop,
                                                            const std::string& program) {
  Result<Spawned> spawned = spawn(program);
  if (!spawned) return std::move(spawned).error();
  std::unique_ptr<Stream> stream = SocketStream::make(loop, std::move(spawned->socket), {});
  if (!stream) return Error{ErrorCode::unavailable, "the system can't watch the socket"};
  return std::unique_ptr<HelperProcess>(
      std::make_unique<SocketProcess>(std::move(spawned->process), std::move(stream)));
}

}  // namespace simws::transport
