#include "transport/memory_parts.h"

#include "transport/memory_stream.h"

#include <utility>

namespace simws::transport {

void MemoryTimer::start(Time at) {
  stop();
  if (loop() == nullptr) return;
  loop()->count_safe_operation();
  at_ = at;
  loop()->set(*this);
}

void MemoryTimer::stop() {
  if (loop() != nullptr) loop()->unset(*this);
}

void MemoryTimer::fire() {
  const std::shared_ptr<Task> on_due = on_due_;
  (*on_due)();
}

MemoryListener::MemoryListener(MemoryLoopImpl& loop, const Address& address,
                               AcceptHandler on_accept)
    : MemoryPart(loop),
      address_(address),
      on_accept_(std::make_shared<AcceptHandler>(std::move(on_accept))) {
  loop.add(*this);
}

void MemoryListener::end() {
  if (loop() != nullptr) loop()->remove(*this);
}

std::unique_ptr<MemoryPeer> MemoryListener::accept(const Address& from) {
  auto link = std::make_shared<MemoryLink>();
  auto peer = std::make_unique<MemoryPeerImpl>(link);
  const std::shared_ptr<AcceptHandler> on_accept = on_accept_;
  (*on_accept)(std::make_unique<MemoryStream>(*loop(), link, from));
  return peer;
}

}  // namespace simws::transport
