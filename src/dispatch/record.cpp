#include "dispatch/record.h"

namespace simws::dispatch {

namespace {

std::size_t size_of(const ConnectionInfo& info) {
  return sizeof info + info.remote_address.size() + info.request.size() + info.subprotocol.size() +
         info.close_reason.size() + info.error.size();
}

}  // namespace

std::size_t QueuedEvent::cost() const {
  if (kind == Kind::gone) return 0;
  return sizeof *this + data.size() + (info ? size_of(*info) : 0);
}

}  // namespace simws::dispatch
