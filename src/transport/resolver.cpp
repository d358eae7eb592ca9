#include "transport/resolver.h"

#include "transport/address.h"

namespace simws::transport {

// The handler is locked on the loop's thread only.
bool Resolver::ask(const std::string& host, int port, std::weak_ptr<LookupHandler> handler) {
  using Answer = Result<std::vector<Address>>;
  const auto answer = std::make_shared<Answer>(Error{ErrorCode::unavailable, "out of memory"});
  return workers_.add(
      [=, resolve = resolve_] {
        if (!handler.expired()) *answer = resolve(host, port);
      },
      [=] { tell(handler, std::move(*answer)); });
}

std::unique_ptr<Lookup> Resolver::look_up(const std::string& host, int port,
                                          LookupHandler on_done) {
  auto lookup = std::make_unique<AwaitedLookup>(std::move(on_done));
  if (!is_host_and_port(host, port)) {
    tell_later(loop_, lookup->handler(), bad_host(host, port));
  } else if (const auto literal = parse_address(host, port)) {
    loop_.post(
        [handler = lookup->handler(), address = *literal] { tell(handler, std::vector{address}); });
  } else if (!ask(host, port, lookup->handler())) {
    tell_later(loop_, lookup->handler(), {ErrorCode::unavailable, "the system is out of threads"});
  }
  return lookup;
}

}  // namespace simws::transport
