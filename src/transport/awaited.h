// Something under way that is told of once, unless who waits for it has gone.
#pragma once

#include "transport/loop.h"

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace simws::transport {

// `Kind` is Connecting or Lookup. Owns the handler, which others know weakly.
template <typename Kind, typename Answer>
class Awaited final : public Kind {
 public:
  using Handler = std::function<void(Answer)>;

  explicit Awaited(Handler on_done) : on_done_(std::make_shared<Handler>(std::move(on_done))) {}
  std::weak_ptr<Handler> handler() const { return on_done_; }

 private:
  std::shared_ptr<Handler> on_done_;
};

using AwaitedConnecting = Awaited<Connecting, Result<std::unique_ptr<Stream>>>;
using AwaitedLookup = Awaited<Lookup, Result<std::vector<Address>>>;

// The handler lives on while it runs, should it destroy what it has waited for.
template <typename Answer>
void tell(const std::weak_ptr<std::function<void(Answer)>>& handler,
          std::type_identity_t<Answer> answer) {
  if (const auto on_done = handler.lock()) (*on_done)(std::move(answer));
}

// In a turn to come.
template <typename Answer>
void tell_later(Loop& loop, const std::weak_ptr<std::function<void(Answer)>>& handler,
                const Error& error) {
  loop.post([handler, error] { tell(handler, error); });
}

}  // namespace simws::transport
