#include "dispatch/record.h"

namespace simws::dispatch {

namespace {

std::size_t size_of(const ConnectionInfo& info) {
  std::size_t size = sizeof info + info.remote_address.size() + info.resource.size() +
                     info.subprotocol.size() + info.close_reason.size() + info.error.size();
  for (const auto& field : info.headers) {
    size += sizeof field + field.first.size() + field.second.size();
  }
  return size;
}

}  // namespace

std::size_t QueuedEvent::cost() const {
  return sizeof *this + data.size() + method.size() + (info ? size_of(*info) : 0);
}

}  // namespace simws::dispatch
