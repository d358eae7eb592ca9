// Takes TCP connections: a socket that its loop watches.
#pragma once

#include "transport/loop.h"
#include "transport/socket.h"
#include "transport/uv_handle.h"
#include "transport/watches.h"

namespace simws::transport {

class UvLoop;

// May be destroyed by its own handlers. When the system is out of descriptors or memory,
// connections wait in the system's queue, which is looked at again every `retry_interval`.
class SocketListener final : public Listener, private Watched, private HandleOwner {
 public:
  static constexpr std::chrono::milliseconds retry_interval{100};

  static Result<std::unique_ptr<Listener>> make(UvLoop& loop, const Address& address,
                                                AcceptHandler on_accept);
  ~SocketListener() override { loop_ends(); }

  Address address() const override { return address_; }
  void set_shortage_handler(ShortageHandler on_shortage) override;

 private:
  SocketListener(UvLoop& loop, Socket socket, AcceptHandler on_accept);
  void on_ready(Events events) override;
  void loop_ends() override;

  // Shared: they may destroy the listener while they run.
  struct Handlers {
    AcceptHandler on_accept;
    ShortageHandler on_shortage;
  };

  bool accept_some();
  void pause();
  void resume();
  bool accept_one();
  void note_refusal(int error);
  void tell(Shortage shortage);

  UvLoop& loop_;
  HandlePtr<uv_timer_t> retry_;
  Socket socket_;
  Address address_;
  std::shared_ptr<Handlers> handlers_;
  bool is_watched_ = false;
  Shortage told_ = Shortage::none;
};

}  // namespace simws::transport
