#include "failing_memory.h"

#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>

namespace simws::faults {
namespace {

// The thread of the test; the program has others, for the log.
thread_local bool armed = false;
thread_local int depth = 0;  // of Armed scopes
std::size_t left = 0;        // until one fails; 0: none does
Outage how_long = Outage::once;
bool is_out = false;
bool failed = false;
std::atomic<std::size_t> live{0};

bool fails() {
  if (!armed) return false;
  if (is_out) return true;
  if (left == 0 || --left > 0) return false;
  failed = true;
  is_out = how_long == Outage::rest_of_call;
  return true;
}

void* allocate(std::size_t size, std::size_t alignment) {
  if (fails()) return nullptr;
  void* const memory =
      alignment <= alignof(std::max_align_t)
          ? std::malloc(size > 0 ? size : 1)
          : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (memory != nullptr) ++live;
  return memory;
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* const memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void release(void* memory) {
  if (memory == nullptr) return;
  --live;
  std::free(memory);
}

}  // namespace

void fail_allocation(std::size_t n, Outage outage) {
  left = n;
  how_long = outage;
  is_out = false;
  failed = false;
}

bool has_failed() {
  return failed;
}

std::size_t live_allocations() {
  return live;
}

Scope::Scope(bool arms) : before_(std::exchange(armed, arms)) {
  ++depth;
}

Scope::~Scope() {
  armed = before_;
  if (--depth == 0) is_out = false;
}

}  // namespace simws::faults

namespace faults = simws::faults;

void* operator new(std::size_t size) {
  return faults::allocate_or_throw(size, 0);
}
void* operator new[](std::size_t size) {
  return faults::allocate_or_throw(size, 0);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return faults::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return faults::allocate_or_throw(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return faults::allocate(size, 0);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return faults::allocate(size, 0);
}
void operator delete(void* memory) noexcept {
  faults::release(memory);
}
void operator delete[](void* memory) noexcept {
  faults::release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  faults::release(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  faults::release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  faults::release(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  faults::release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  faults::release(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  faults::release(memory);
}
