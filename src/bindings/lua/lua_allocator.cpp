#include "bindings/lua/lua_allocator.h"

#include "base/kept_memory.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

namespace simws::lua {

namespace {

// Before a large block: how much memory it has.
struct alignas(std::max_align_t) Header {
  std::size_t size;
};

Header* header_of(void* block) {
  return static_cast<Header*>(block) - 1;
}

void* take_large(std::size_t size) noexcept {
  if (size > std::numeric_limits<std::size_t>::max() - sizeof(Header)) return nullptr;
  try {
    const Memory memory = take_memory(size + sizeof(Header));
    return new (memory.data) Header{memory.size} + 1;
  } catch (...) {
    return nullptr;
  }
}

void give_back_large(void* block) noexcept {
  Header* const header = header_of(block);
  give_back_memory({reinterpret_cast<std::byte*>(header), header->size});
}

bool is_large(std::size_t size) {
  return size >= smallest_large_block;
}

void* take(std::size_t size) noexcept {
  return is_large(size) ? take_large(size) : std::malloc(size);
}

void give_back(void* block, std::size_t size) noexcept {
  is_large(size) ? give_back_large(block) : std::free(block);
}

}  // namespace

// Without a block `size` is no size.
void* allocate(void*, void* block, std::size_t size, std::size_t new_size) noexcept {
  if (!block) return new_size == 0 ? nullptr : take(new_size);
  if (new_size == 0) {
    give_back(block, size);
    return nullptr;
  }
  if (!is_large(size) && !is_large(new_size)) return std::realloc(block, new_size);
  const bool fits =
      is_large(size) && is_large(new_size) && new_size <= header_of(block)->size - sizeof(Header);
  if (fits) return block;
  void* const moved = take(new_size);
  if (!moved) return nullptr;
  std::memcpy(moved, block, std::min(size, new_size));
  give_back(block, size);
  return moved;
}

}  // namespace simws::lua
