// An attempt to connect: a socket that its loop watches.
#pragma once

#include "transport/awaited.h"
#include "transport/socket.h"
#include "transport/watches.h"

namespace simws::transport {

class UvLoop;

class SocketConnecting final : public Connecting, private Watched {
 public:
  static std::unique_ptr<Connecting> make(UvLoop& loop, const Address& to, ConnectHandler on_done);
  ~SocketConnecting() override { loop_ends(); }

 private:
  SocketConnecting(UvLoop& loop, Socket socket, const Address& to, ConnectHandler on_done);
  void on_ready(Events events) override;
  void loop_ends() override;
  void end_watch();
  Result<std::unique_ptr<Stream>> finish();

  UvLoop& loop_;
  Socket socket_;
  Address to_;
  AwaitedConnecting awaited_;
  bool is_watched_ = false;
};

}  // namespace simws::transport
