// Takes TCP connections, watched by libuv.
#pragma once

#include "transport/loop.h"
#include "transport/socket.h"
#include "transport/uv_handle.h"

namespace simws::transport {

class UvLoop;

// May be destroyed by its own handler. When the system is out of descriptors or memory, connections
// wait in the system's queue, which is looked at again every `retry_interval`.
class UvListener final : public Listener, private HandleOwner {
 public:
  static constexpr std::chrono::milliseconds retry_interval{100};

  static Result<std::unique_ptr<Listener>> make(UvLoop& loop, const Address& address,
                                                AcceptHandler on_accept);
  ~UvListener() override { loop_ends(); }

  Address address() const override { return address_; }

 private:
  UvListener(UvLoop& loop, Socket socket, AcceptHandler on_accept, HandlePtr<uv_poll_t> handle);
  void loop_ends() override;

  void watch();
  void pause();
  static void on_ready(uv_poll_t* handle, int status, int events);
  bool accept_one();

  UvLoop& loop_;
  HandlePtr<uv_poll_t> handle_;
  HandlePtr<uv_timer_t> retry_;
  Socket socket_;
  Address address_;
  std::shared_ptr<AcceptHandler> on_accept_;
};

}  // namespace simws::transport
