// Memory as an allocator has it fresh from the system: without pages behind it, which come as it's
// filled, by a page fault each.
#pragma once

#include <cstddef>

namespace simws {

// What is larger the C library takes fresh from the system each time, in every program.
inline constexpr std::size_t always_fresh = std::size_t{32} << 20;

// Called before it's filled: where the system has large pages, of 2 MiB mostly, it comes in these.
// It's a hint, by which nothing fails and nothing else changes.
void prefer_large_pages(void* memory, std::size_t size) noexcept;

}  // namespace simws
