#include "endpoint/lazy_gate.h"

#include <new>

namespace simws::endpoint {

ReadingGate* LazyGate::make() noexcept {
  if (limits_) gate_.reset(new (std::nothrow) ReadingGate(*limits_));
  return gate_.get();
}

}  // namespace simws::endpoint
