// Which of a loop's descriptors are ready.
#pragma once

#include "transport/socket.h"

#include <simws/result.h>

#include <uv.h>

#include <memory>

namespace simws::transport {

// What a descriptor is watched for, and is ready for.
using Events = unsigned;
inline constexpr Events readable = 1;
inline constexpr Events writable = 2;
// Told, never asked for: something is wrong with it. It's told as ready for all else too.
inline constexpr Events failed = 4;

class Watched {
 public:
  // May add and remove any. It may be told of what it isn't watched for any more.
  virtual void on_ready(Events events) = 0;
  // Ends being watched.
  virtual void loop_ends() = 0;

 protected:
  ~Watched() = default;
};

// What the loop does around a wait.
class WaitHooks {
 public:
  // False: there's no need to wait.
  virtual bool before_wait() = 0;
  // All that was ready has been told.
  virtual void after_wait() = 0;

 protected:
  ~WaitHooks() = default;
};

// Waits for the system, and for libuv's timers and tasks. As ready as a descriptor is it's told
// again in each turn.
class Watches {
 public:
  virtual ~Watches() = default;

  // Error: unavailable, in the system's words.
  virtual Result<void> add(Descriptor descriptor, Watched& watched, Events events) = 0;
  // None: it goes on later. REQUIRES for this and the next: it's watched.
  virtual void change(Descriptor descriptor, Events events) noexcept = 0;
  // Before it's closed.
  virtual void remove(Descriptor descriptor) noexcept = 0;
  // Ends all, by what each one does when the loop ends.
  virtual void end() = 0;

  // Timers that are due, tasks, and what is ready at the moment or, with `waits`, until then.
  virtual void turn(bool waits) = 0;
  // More may be ready than the last turn has told of.
  virtual bool has_more() const = 0;
  // See Loop.
  virtual int descriptor() const = 0;
};

// By Linux' epoll: a descriptor costs a pointer and two calls to the system, and a turn tells of
// few at once, whose data stays in the processor's caches until its end. Null: the system is out of
// descriptors. REQUIRES: `loop` has all its handles that have descriptors; it outlives the watches.
std::unique_ptr<Watches> watch_by_epoll(uv_loop_t& loop, WaitHooks& hooks);
// By libuv, on any system.
std::unique_ptr<Watches> watch_by_libuv(uv_loop_t& loop, WaitHooks& hooks);

}  // namespace simws::transport
