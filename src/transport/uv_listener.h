// Takes TCP connections, watched by libuv.
#pragma once

#include "transport/loop.h"
#include "transport/socket.h"
#include "transport/uv_handle.h"

namespace simws::transport {

class UvLoop;

// May be destroyed by its own handlers. When the system is out of descriptors or memory,
// connections wait in the system's queue, which is looked at again every `retry_interval`.
class UvListener final : public Listener, private HandleOwner {
 public:
  static constexpr std::chrono::milliseconds retry_interval{100};

  static Result<std::unique_ptr<Listener>> make(UvLoop& loop, const Address& address,
                                                AcceptHandler on_accept);
  ~UvListener() override { loop_ends(); }

  Address address() const override { return address_; }
  void set_shortage_handler(ShortageHandler on_shortage) override;

 private:
  UvListener(UvLoop& loop, Socket socket, AcceptHandler on_accept, HandlePtr<uv_poll_t> handle);
  void loop_ends() override;

  // Shared: they may destroy the listener while they run.
  struct Handlers {
    AcceptHandler on_accept;
    ShortageHandler on_shortage;
  };

  static UvListener* of(const uv_poll_t* handle);
  static void accept_some(const uv_poll_t* handle);
  void watch();
  void pause();
  bool accept_one();
  void note_refusal(int error);
  void tell(Shortage shortage);

  UvLoop& loop_;
  HandlePtr<uv_poll_t> handle_;
  HandlePtr<uv_timer_t> retry_;
  Socket socket_;
  Address address_;
  std::shared_ptr<Handlers> handlers_;
  Shortage told_ = Shortage::none;
};

}  // namespace simws::transport
