// The loop behind MemoryLoop: its clock, what waits to be told, and the operations it lets fail.
#pragma once

#include "transport/end_of_turn.h"
#include "transport/memory.h"
#include "transport/memory_names.h"
#include "transport/task_queue.h"
#include "transport/write_batch.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <span>
#include <utility>

namespace simws::transport {

class MemoryListener;
class MemoryStream;
class MemoryTimer;
class MemoryPart;

class MemoryLoopImpl final : public MemoryLoop {
 public:
  ~MemoryLoopImpl() override;

  void run() override;
  void poll(Duration timeout) override;
  void stop() override;
  void post(Task task) override;
  int descriptor() const override { return -1; }
  std::optional<Duration> next_timeout() const override;
  Time now() const override { return now_; }
  std::unique_ptr<Timer> make_timer(Task on_due) override;
  Result<std::unique_ptr<Listener>> listen(const std::string& ip, int port,
                                           AcceptHandler on_accept) override;
  std::unique_ptr<Connecting> connect(const Address& to, ConnectHandler on_done) override;
  std::unique_ptr<Lookup> look_up(const std::string& host, int port,
                                  LookupHandler on_done) override;
  std::unique_ptr<Workers> make_workers(std::size_t most) override;
  Result<std::unique_ptr<HelperProcess>> start_process(const std::string& program) override;
  void write(std::span<Write> writes) override { batch_.write(writes); }
  int add_end_of_turn(Task work) override { return end_of_turn_.add(std::move(work)); }
  void remove_end_of_turn(int key) override { end_of_turn_.remove(key); }
  void want_end_of_turn() override { end_of_turn_.want(); }

  std::unique_ptr<MemoryPeer> connect(int port, Address from) override;
  void set_reach(const Address& address, Reach reach) override { names_.set_reach(address, reach); }
  void set_name(const std::string& host, Result<std::vector<Address>> answer) override {
    names_.set_name(host, std::move(answer));
  }
  void set_slow_name(const std::string& host) override { names_.set_slow_name(host); }
  void hold_work(bool held) override;
  std::unique_ptr<MemoryPeer> take_process() override;
  void set_shortage(Shortage shortage) override { shortage_ = shortage; }
  Shortage shortage() const { return shortage_; }
  void run_until_idle() override;
  bool turn() override;
  void advance(Duration duration) override;
  void fail_operation(std::size_t n) override { fail_at_ = n == 0 ? 0 : operations_ + n; }
  std::size_t operations() const override { return operations_; }

  void add(MemoryPart& part) { parts_.insert(&part); }
  void remove(MemoryPart& part) { parts_.erase(&part); }
  void add(MemoryListener& listener) { listeners_.push_back(&listener); }
  void remove(MemoryListener& listener) { std::erase(listeners_, &listener); }
  // In the order of their times, and of their starts when these are equal.
  void set(MemoryTimer& timer);
  void unset(MemoryTimer& timer) { std::erase(timers_, &timer); }

  // In turns of their own, once none is held.
  void add_work(Task work, Task told);
  // Counts an operation. True: it fails.
  bool count_operation();
  // Counts one that can't fail: the failure set for it falls to the next that can.
  void count_safe_operation();

  // A turn for what `stream` has to tell; within a turn, in `run_until_idle`.
  void tell(MemoryStream& stream);
  void tell_later(MemoryStream& stream);
  void forget(MemoryStream& stream) { std::erase(waiting_, &stream); }

 private:
  bool run_once();
  bool fire_due(Time until);
  bool tell_next();
  bool tell_next_listener();
  void in_turn(const Task& work);
  bool take_stop();
  bool is_free(const Address& address) const;
  Result<std::unique_ptr<Stream>> connect_now(const Address& to);
  int pick_port();

  Time now_{std::chrono::hours(1)};
  std::set<MemoryPart*> parts_;
  std::deque<MemoryTimer*> timers_;  // those set
  std::deque<MemoryListener*> listeners_;
  std::deque<MemoryStream*> waiting_;  // with something to tell
  EndOfTurn end_of_turn_;
  TaskQueue tasks_;
  WriteBatch batch_;
  MemoryNames names_;
  std::deque<std::pair<Task, Task>> held_work_;  // and what is told of it
  bool holds_work_ = false;
  std::deque<std::unique_ptr<MemoryPeer>> processes_;  // the latest, until they're taken
  Shortage shortage_ = Shortage::none;
  std::size_t operations_ = 0;
  std::size_t fail_at_ = 0;  // counted as `operations_`; 0: none
  int last_port_ = 49151;    // the last of those picked
  bool in_turn_ = false;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_woken_ = false;    // guarded by mutex_
  bool is_stopped_ = false;  // guarded by mutex_
};

}  // namespace simws::transport
