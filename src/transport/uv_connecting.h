// An attempt to connect, watched by libuv.
#pragma once

#include "transport/awaited.h"
#include "transport/socket.h"
#include "transport/uv_handle.h"

namespace simws::transport {

class UvLoop;

class UvConnecting final : public Connecting, private HandleOwner {
 public:
  static std::unique_ptr<Connecting> make(UvLoop& loop, const Address& to, ConnectHandler on_done);
  ~UvConnecting() override { loop_ends(); }

 private:
  UvConnecting(UvLoop& loop, Socket socket, const Address& to, ConnectHandler on_done,
               HandlePtr<uv_poll_t> handle);
  void loop_ends() override;
  Result<std::unique_ptr<Stream>> finish();

  UvLoop& loop_;
  HandlePtr<uv_poll_t> handle_;
  Socket socket_;
  Address to_;
  AwaitedConnecting awaited_;
};

}  // namespace simws::transport
