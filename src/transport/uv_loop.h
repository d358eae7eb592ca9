// The event loop of the system's network: libuv's timers and tasks, and watched sockets.
#pragma once

#include "transport/end_of_turn.h"
#include "transport/exact_timer.h"
#include "transport/loop.h"
#include "transport/resolver.h"
#include "transport/socket_reads.h"
#include "transport/task_queue.h"
#include "transport/thread_workers.h"
#include "transport/watches.h"
#include "transport/write_batch.h"

#include <uv.h>

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace simws::transport {

class UvLoop final : public Loop, private WaitHooks {
 public:
  // Null: the system is out of descriptors.
  static std::unique_ptr<UvLoop> make(Watching watching);
  ~UvLoop() override;

  void run() override;
  void poll(Duration timeout) override;
  void stop() override;
  void post(Task task) override;
  int descriptor() const override;
  std::optional<Duration> next_timeout() const override;
  Time now() const override;
  std::unique_ptr<Timer> make_timer(Task on_due) override;
  Result<std::unique_ptr<Listener>> listen(const std::string& ip, int port,
                                           AcceptHandler on_accept) override;
  std::unique_ptr<Connecting> connect(const Address& to, ConnectHandler on_done) override;
  std::unique_ptr<Lookup> look_up(const std::string& host, int port,
                                  LookupHandler on_done) override;
  std::unique_ptr<Workers> make_workers(std::size_t most) override;
  Result<std::unique_ptr<HelperProcess>> start_process(const std::string& program) override;
  void write(std::span<Write> writes) override { batch_.write(writes); }
  int add_end_of_turn(Task work) override;
  void remove_end_of_turn(int key) override;
  void want_end_of_turn() override;

  uv_loop_t* uv() { return &loop_; }
  Watches& watches() { return *watches_; }
  SocketReads& reads() { return reads_; }
  // To be called when something concerns a user of the loop: it ends a `poll`.
  void note_event() { happened_ = true; }
  void set_now(Time now);

 private:
  UvLoop() = default;
  bool open(Watching watching);
  bool before_wait() override;
  void after_wait() override { reads_.run(); }
  void end_poll_after(Duration timeout);
  void stop_poll_end();
  void trim_later();
  void turn(bool waits);
  void on_woken();
  bool take_stop();

  mutable uv_loop_t loop_{};
  uv_async_t wake_{};
  uv_timer_t trim_{};      // of kept memory
  uv_timer_t poll_end_{};  // where there is no exact one
  ExactTimer exact_poll_end_{[this] { poll_ended_ = true; }};
  std::unique_ptr<Watches> watches_;
  bool is_open_ = false;
  bool in_turn_ = false;
  bool is_polling_ = false;
  bool happened_ = false;
  bool poll_ended_ = false;
  mutable bool now_known_ = false;
  mutable Time now_{};
  std::atomic<bool> stop_{false};
  TaskQueue tasks_;
  EndOfTurn end_of_turn_;
  SocketReads reads_;
  WriteBatch batch_;
  std::optional<Resolver> resolver_{*this};
  std::vector<std::weak_ptr<WorkCrew>> crews_;
};

}  // namespace simws::transport
