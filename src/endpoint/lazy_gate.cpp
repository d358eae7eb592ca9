#include "endpoint/lazy_gate.h"

#include <new>

namespace simws::endpoint {

ReadingGate* LazyGate::make() noexcept {
  auto* const made = limits_ ? new (std::nothrow) ReadingGate(*limits_) : nullptr;
  gate_.store(made, std::memory_order_release);
  return made;
}

}  // namespace simws::endpoint
