// Looks names up on threads of its own: the system's function may wait for long.
#pragma once

#include "transport/awaited.h"
#include "transport/thread_workers.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace simws::transport {

// The system's answer; it blocks. REQUIRES: `host` has no NUL.
Result<std::vector<Address>> resolve(const std::string& host, int port);

// Belongs to its loop's thread.
class Resolver {
 public:
  static constexpr std::size_t max_threads = 4;
  using Resolve = std::function<Result<std::vector<Address>>(const std::string& host, int port)>;

  explicit Resolver(Loop& loop, Resolve resolve = transport::resolve)
      : loop_(loop), resolve_(std::move(resolve)), workers_(loop, max_threads) {}

  // As Loop::look_up.
  std::unique_ptr<Lookup> look_up(const std::string& host, int port, LookupHandler on_done);

 private:
  bool ask(const std::string& host, int port, std::weak_ptr<LookupHandler> handler);

  Loop& loop_;
  const Resolve resolve_;
  ThreadWorkers workers_;
};

}  // namespace simws::transport
