// The event loop: what is waited for, and in which order it's handled.
#pragma once

#include "base/clock.h"
#include "transport/stream.h"

#include <simws/result.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace simws::transport {

using Task = std::function<void()>;

// Calls its function once, at the time set last. Destroying it stops it.
class Timer {
 public:
  virtual ~Timer() = default;
  virtual void start(Time at) = 0;  // in place of what was set before
  virtual void stop() = 0;
};

// Takes new connections until it's destroyed, which frees the port at once.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual Address address() const = 0;
};

using AcceptHandler = std::function<void(std::unique_ptr<Stream>)>;

// A turn: timers that are due, then what the network has, then the end-of-turn work, in which what
// was written meanwhile leaves. Belongs to the thread that runs it; `post` and `stop` may be called
// from any.
class Loop {
 public:
  virtual ~Loop() = default;

  virtual void run() = 0;
  // Negative: without end. Returns after one turn in which something happened, or in time.
  virtual void poll(Duration timeout) = 0;
  virtual void stop() = 0;
  virtual void post(Task task) = 0;
  virtual int descriptor() const = 0;
  virtual std::optional<Duration> next_timeout() const = 0;

  // Of this turn, read once.
  virtual Time now() const = 0;

  virtual std::unique_ptr<Timer> make_timer(Task on_due) = 0;

  // `ip` is an IPv4 or IPv6 address; port 0 picks a free one. IPv6 addresses take IPv6 only.
  // Errors: address_in_use, permission_denied, unavailable, io; the message is the system's words.
  virtual Result<std::unique_ptr<Listener>> listen(const std::string& ip, int port,
                                                   AcceptHandler on_accept) = 0;

  // `work` is called at the end of each turn until the next turn's end after it was removed. For
  // what is done once for all that happened in a turn. Returns its key.
  virtual int add_end_of_turn(Task work) = 0;
  virtual void remove_end_of_turn(int key) = 0;
};

// This machine's own host name; empty when the system doesn't tell.
std::string machine_name();

// The loop of this system's network, by libuv.
std::unique_ptr<Loop> make_loop();

}  // namespace simws::transport
