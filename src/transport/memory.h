// A network in memory with a clock set by hand, for tests: no socket, no waiting, and any operation
// can be made to fail.
#pragma once

#include "transport/loop.h"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace simws::transport {

class MemoryLoop;

// How an address is reached: where nothing listens, a connect to it is refused.
enum class Reach { normal, never, no_route };

// The test's end of a connection. Destroying it changes nothing for the other end.
class MemoryPeer {
 public:
  virtual ~MemoryPeer() = default;

  // Delivers the bytes to the other end at once, in one piece, if it is reading; otherwise they
  // wait until it reads. Runs the loop's end-of-turn work.
  virtual void send(std::string_view data) = 0;
  // Ends its sending side.
  virtual void finish() = 0;
  // Loses the connection.
  virtual void reset() = 0;

  // What has arrived from the other end since the last call.
  virtual std::string take() = 0;
  // How many bytes it takes before the other end's `write` takes less than all; no limit at first.
  // `take` makes room.
  virtual void set_window(std::size_t bytes) = 0;

  // What the other end did.
  virtual bool saw_end() const = 0;  // finished, closed
  virtual bool saw_reset() const = 0;
  virtual bool is_read() const = 0;  // the other end reads at the moment
};

// Turns are run by the test; time goes on by `advance` only: `poll` doesn't wait, `run` waits for
// what other threads post.
class MemoryLoop : public Loop {
 public:
  static std::unique_ptr<MemoryLoop> make();

  using Loop::connect;  // to listeners of this loop; both ends are streams then
  // Connects to the newest listener on `port` (its `ip` is not looked at), which takes it in a turn
  // of its own. Null: nothing listens.
  virtual std::unique_ptr<MemoryPeer> connect(int port,
                                              Address from = {{127, 0, 0, 1}, 50000, false}) = 0;

  // For connects of the loop. `never`: they stay under way.
  virtual void set_reach(const Address& address, Reach reach) = 0;
  // What the look-up of a name comes to, whatever its port. Others don't exist.
  virtual void set_name(const std::string& host, Result<std::vector<Address>> answer) = 0;
  // Its look-ups stay under way.
  virtual void set_slow_name(const std::string& host) = 0;

  // From now on the work of workers isn't begun, or is again.
  virtual void hold_work(bool held) = 0;

  // The other end of the stream of the oldest program that was started, whatever its name, and
  // hasn't been taken yet; null: there's none.
  virtual std::unique_ptr<MemoryPeer> take_process() = 0;

  // From now on connections wait, or are taken again.
  virtual void set_shortage(Shortage shortage) = 0;

  // Runs posted tasks, pending deliveries and end-of-turn work until nothing is left to do.
  virtual void run_until_idle() = 0;
  // Does one thing that is left to do, and the end-of-turn work. False: nothing is.
  virtual bool turn() = 0;
  // Lets timers fall due in their order on the way.
  virtual void advance(Duration duration) = 0;

  // The `n`th operation from now (1: the next write, read, timer, listen, connect, look-up, program
  // or work) fails as a lost connection or a refused listen, connect, look-up, start or work; 0:
  // none. A timer can't fail: the next operation that can does.
  virtual void fail_operation(std::size_t n) = 0;
  virtual std::size_t operations() const = 0;  // so far
};

}  // namespace simws::transport
