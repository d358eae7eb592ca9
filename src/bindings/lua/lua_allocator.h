// Memory for a Lua state of our own: the largest blocks, which are messages for the most part, are
// kept for the next (see base/kept_memory.h). Smaller ones the C library keeps by itself.
#pragma once

#include <cstddef>

namespace simws::lua {

// A lua_Alloc, for a state whose blocks so far are smaller than this and the C library's.
inline constexpr std::size_t smallest_large_block = std::size_t{32} << 20;
void* allocate(void*, void* block, std::size_t size, std::size_t new_size) noexcept;

}  // namespace simws::lua
