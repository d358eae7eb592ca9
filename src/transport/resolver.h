// Looks names up on threads of its own: the system's function may wait for long.
#pragma once

#include "transport/awaited.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace simws::transport {

// The system's answer; it blocks. REQUIRES: `host` has no NUL.
Result<std::vector<Address>> resolve(const std::string& host, int port);

// Belongs to its loop's thread. Threads start as they are needed, `max_threads` at the most, and
// end when nothing is left to look up. One that waits for the system can't be stopped: it may
// outlive the resolver, and then tells nobody.
class Resolver {
 public:
  static constexpr std::size_t max_threads = 4;
  using Resolve = std::function<Result<std::vector<Address>>(const std::string& host, int port)>;

  explicit Resolver(Loop& loop, Resolve resolve = transport::resolve);
  // Waits for nobody.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // As Loop::look_up.
  std::unique_ptr<Lookup> look_up(const std::string& host, int port, LookupHandler on_done);

 private:
  class Work;

  Loop& loop_;
  std::shared_ptr<Work> work_;
};

}  // namespace simws::transport
