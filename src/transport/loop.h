// The event loop: what is waited for, and in which order it's handled.
#pragma once

#include "base/clock.h"
#include "transport/stream.h"

#include <simws/result.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace simws::transport {

using Task = std::function<void()>;

// Calls its function once, at the time set last or soon after it, never earlier. Destroying it
// stops it; its own function may do so.
class Timer {
 public:
  virtual ~Timer() = default;
  virtual void start(Time at) = 0;  // in place of what was set before
  virtual void stop() = 0;
};

// What the system has too little of.
enum class Shortage { none, descriptors, memory };

using ShortageHandler = std::function<void(Shortage)>;

// Takes new connections until it's destroyed, which frees the port at once; its handlers may do so.
// When the system is out of descriptors or memory, connections wait until it has some.
class Listener {
 public:
  virtual ~Listener() = default;
  // Told once when connections have to wait, and with `none` once when none waits any more.
  virtual void set_shortage_handler(ShortageHandler on_shortage) = 0;
  virtual Address address() const = 0;
};

// What one stream is to write, and how much of it was taken.
struct Write {
  Stream* stream = nullptr;
  Bytes bytes;
  std::size_t taken = 0;
};

using AcceptHandler = std::function<void(std::unique_ptr<Stream>)>;

// An attempt to connect under way. Destroying it, which its handler may do, ends it: nothing is
// told any more.
class Connecting {
 public:
  virtual ~Connecting() = default;
};
using ConnectHandler = std::function<void(Result<std::unique_ptr<Stream>>)>;

// A look-up under way; as above.
class Lookup {
 public:
  virtual ~Lookup() = default;
};
using LookupHandler = std::function<void(Result<std::vector<Address>>)>;

// A program that was started, which knows its end by the end of its standard input.
class HelperProcess {
 public:
  // Waits for nobody: the stream ends, and a program that doesn't end soon after is made to.
  virtual ~HelperProcess() = default;
  // To its standard input, and from there: a socket. Its end may be that of the program.
  virtual Stream& stream() = 0;
};

// Does beside the loop what may wait for the system for long. Belongs to the loop's thread.
class Workers {
 public:
  // Waits for nobody: work that isn't done is dropped, and nothing is told any more.
  virtual ~Workers() = default;
  // Does `work` on another thread, then runs `told`, unless it's empty, in a turn of the loop. Each
  // is destroyed on either thread. False: the system has no thread; nothing is done.
  virtual bool add(Task work, Task told) = 0;
};

// A turn: timers that are due and what the network has, then the end-of-turn work, in which what
// was written meanwhile leaves. Belongs to the thread that runs it; `post` and `stop` may be called
// from any.
class Loop {
 public:
  // REQUIRES: not running. Drops tasks that have not run, and closes the timers, listeners and
  // streams that are left; these do nothing more, and may be destroyed later.
  virtual ~Loop() = default;

  // Runs until `stop`. Neither this nor `poll` may be called by what the loop calls.
  virtual void run() = 0;
  // Negative: without end. Returns after a turn in which something happened, or after some where
  // more was ready than one handles, or in time.
  virtual void poll(Duration timeout) = 0;
  // Ends the `run` or `poll` under way after its turn; when there's none, the next one before its
  // first turn.
  virtual void stop() = 0;
  // Runs `task` in the next turn, in the order posted by each thread.
  virtual void post(Task task) = 0;
  // Readable when a turn has something to do, but for what `next_timeout` tells; -1: there is none.
  virtual int descriptor() const = 0;
  // How long `descriptor` may be waited for: until the next timer is due, or 0 when a turn has to
  // come first; none: no timer is set.
  virtual std::optional<Duration> next_timeout() const = 0;

  // Of this turn, read at most once for all that a wait brought, and for each timer. Outside a
  // turn, of this moment.
  virtual Time now() const = 0;

  virtual std::unique_ptr<Timer> make_timer(Task on_due) = 0;

  // `ip` is an IPv4 or IPv6 address; port 0 picks a free one. IPv6 addresses take IPv6 only.
  // Errors: invalid_argument, address_in_use, permission_denied, unavailable, io; the message is
  // the system's words.
  virtual Result<std::unique_ptr<Listener>> listen(const std::string& ip, int port,
                                                   AcceptHandler on_accept) = 0;

  // Calls `on_done` once, in a later turn: with the stream, or with the system's words for what
  // went wrong (unavailable: out of descriptors or memory; permission_denied; io). Sets no limit of
  // time of its own. When the loop is destroyed meanwhile, nothing is told.
  virtual std::unique_ptr<Connecting> connect(const Address& to, ConnectHandler on_done) = 0;
  // The addresses of `host`, best first and at least one, each with `port`. An IP address stands
  // for itself. Told as by `connect`, invalid_argument too; it never waits for the system.
  virtual std::unique_ptr<Lookup> look_up(const std::string& host, int port,
                                          LookupHandler on_done) = 0;

  // So many do something at a time. They may be destroyed after the loop.
  virtual std::unique_ptr<Workers> make_workers(std::size_t most) = 0;

  // Starts a program without arguments, given by its path. It inherits nothing but its standard
  // streams. Errors name it and the cause.
  virtual Result<std::unique_ptr<HelperProcess>> start_process(const std::string& program) = 0;

  // As Stream::write for each, by fewer calls to the system where it can. REQUIRES: each is of
  // another stream of this loop, and not empty.
  virtual void write(std::span<Write> writes) = 0;

  // `work` is called at the end of each turn, and before the loop waits, until it's removed, which
  // it may do itself. For what is done once for all that happened in a turn. Returns its key.
  virtual int add_end_of_turn(Task work) = 0;
  virtual void remove_end_of_turn(int key) = 0;
  // There is work for the end of this turn, or of the next one where none is under way. Once more,
  // when the work itself wants it.
  virtual void want_end_of_turn() = 0;
};

// This machine's own host name; empty when the system doesn't tell.
std::string machine_name();
// Its IPv4 addresses in networks, in the system's order, by which other machines may reach it.
std::vector<std::string> machine_addresses();
// The same of IPv6, but for those of one link (fe80::/10).
std::vector<std::string> machine_ipv6_addresses();

// By what a loop knows which sockets are ready: the quickest way of the system, or libuv, which
// goes everywhere.
enum class Watching { by_system, by_libuv };

// The loop of this system's network. Null: the system is out of descriptors.
std::unique_ptr<Loop> make_loop(Watching watching = Watching::by_system);

}  // namespace simws::transport
