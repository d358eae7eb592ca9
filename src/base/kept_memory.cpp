#include "base/kept_memory.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <mutex>
#include <new>

namespace simws {

namespace {

// Sizes are 4, 5, 6 or 7 times a power of two: at most a quarter is more than was asked for. Large
// ones are by a thousandth larger: a message has such a size often enough, its frame and a
// language's string of it are some bytes more, and each can have what another has given back.
constexpr std::size_t steps = 4;
constexpr auto smallest_shift = static_cast<std::size_t>(std::countr_zero(smallest_kept) - 2);
constexpr std::size_t class_count = 61;

constexpr std::size_t smallest_with_room = std::size_t{256} << 10;

constexpr std::size_t size_of(std::size_t index) {
  const std::size_t even = (steps + index % steps) << (smallest_shift + index / steps);
  return even < smallest_with_room ? even : even + even / 1024;
}
constexpr std::size_t largest = size_of(class_count - 1);
static_assert(largest >= most_kept);

// Of the smallest that will do. REQUIRES: it isn't above the largest.
std::size_t class_of(std::size_t least) {
  const std::size_t size = std::max(least, smallest_kept);
  if (size == smallest_kept) return 0;
  const auto shift = static_cast<std::size_t>(std::bit_width(size - 1)) - 3;  // leaves three bits
  const std::size_t multiple = ((size - 1) >> shift) + 1;
  const std::size_t index = (shift - smallest_shift) * steps + multiple - steps;
  return size_of(index - 1) < size ? index : index - 1;
}

// A piece that nobody uses has the next one in itself.
struct Free {
  Free* next;
};

struct Class {
  Free* first = nullptr;
  std::size_t count = 0;
  std::size_t least_count = 0;  // since the latest trim: so many nobody has needed
};

std::mutex mutex;  // only ever tried
std::array<Class, class_count> classes;
std::atomic<std::size_t> total{0};

// What is kept isn't to be touched, but for the list that it's in, which leaks are looked for by.
#if defined(__SANITIZE_ADDRESS__)
extern "C" void __asan_poison_memory_region(const volatile void*, std::size_t);
extern "C" void __asan_unpoison_memory_region(const volatile void*, std::size_t);
void forbid(void* memory, std::size_t size) {
  __asan_poison_memory_region(memory, size);
}
void allow(void* memory, std::size_t size) {
  __asan_unpoison_memory_region(memory, size);
}
#else
void forbid(void*, std::size_t) {}
void allow(void*, std::size_t) {}
#endif

Memory fresh(std::size_t size) {
  return {static_cast<std::byte*>(::operator new(size)), size};
}

// Where a piece given back goes: in front of the others, for it's still in the processor's caches.
// The largest, which are in none, go behind: taken in turn they stay with those who come in the
// same order again and again, and who touches a part of one doesn't get what another has touched
// all of.
constexpr std::size_t smallest_in_turn = std::size_t{4} << 20;

Free*& place_in(Class& to, std::size_t size) {
  Free** place = &to.first;
  while (size >= smallest_in_turn && *place) place = &(*place)->next;
  return *place;
}

Free* pop(Class& from, std::size_t size) {
  Free* const piece = from.first;
  allow(piece, size);
  from.first = piece->next;
  from.least_count = std::min(from.least_count, --from.count);
  total.fetch_sub(size, std::memory_order_relaxed);
  return piece;
}

}  // namespace

Memory take_memory(std::size_t least) {
  if (least < smallest_kept || least > largest) return fresh(least);
  const std::size_t index = class_of(least);
  const std::size_t size = size_of(index);
  const std::unique_lock lock(mutex, std::try_to_lock);
  if (!lock || classes[index].count == 0) return fresh(size);
  Free* const piece = pop(classes[index], size);
  piece->~Free();
  return {reinterpret_cast<std::byte*>(piece), size};
}

void give_back_memory(Memory memory) noexcept {
  const bool is_kept = memory.size >= smallest_kept && memory.size <= largest;
  const std::size_t index = is_kept ? class_of(memory.size) : 0;
  if (is_kept && size_of(index) == memory.size) {
    const std::unique_lock lock(mutex, std::try_to_lock);
    if (lock && total.load(std::memory_order_relaxed) + memory.size <= largest) {
      Class& to = classes[index];
      Free*& place = place_in(to, memory.size);
      place = ::new (static_cast<void*>(memory.data)) Free{place};
      forbid(memory.data + sizeof(Free), memory.size - sizeof(Free));
      ++to.count;
      total.fetch_add(memory.size, std::memory_order_relaxed);
      return;
    }
  }
  release_memory(memory);
}

void release_memory(Memory memory) noexcept {
  ::operator delete(memory.data);
}

bool is_memory_kept(std::size_t least) noexcept {
  if (least < smallest_kept || least > largest || kept_memory() < least) return false;
  const std::unique_lock lock(mutex, std::try_to_lock);
  return lock && classes[class_of(least)].count > 0;
}

std::size_t kept_memory() noexcept {
  return total.load(std::memory_order_relaxed);
}

void trim_kept_memory() noexcept {
  const std::unique_lock lock(mutex, std::try_to_lock);
  if (!lock) return;
  for (std::size_t index = 0; index < class_count; ++index) {
    Class& trimmed = classes[index];
    for (std::size_t left = trimmed.least_count; left > 0; --left) {
      ::operator delete(pop(trimmed, size_of(index)));
    }
    trimmed.least_count = trimmed.count;
  }
}

}  // namespace simws
