// Large pieces of memory, kept for the next who needs one.
//
// Memory fresh from the system costs a page fault for each 4 KiB, which is more than it costs to
// copy them; and an allocator gives large pieces back to the system as soon as they're free. So
// what is needed again and again, for messages that come and go, stays here meanwhile.
#pragma once

#include <cstddef>

namespace simws {

struct Memory {
  std::byte* data = nullptr;
  std::size_t size = 0;
};

// Any thread may call these. Nobody waits: where another thread is at it, memory comes from the
// allocator and goes back there.

// At least so many bytes. Throws std::bad_alloc.
Memory take_memory(std::size_t least);
// Keeps it, where it's large and not too much is kept already.
void give_back_memory(Memory memory) noexcept;
// To the allocator: who has outgrown it will not need it again.
void release_memory(Memory memory) noexcept;

// Memory is kept that would do for so many bytes.
bool is_memory_kept(std::size_t least) noexcept;
// In bytes, of all that is kept.
std::size_t kept_memory() noexcept;
// Gives back to the allocator what nobody has needed since this was called last. Event loops do so
// each second, while anything is kept.
void trim_kept_memory() noexcept;

// Smaller pieces are the allocator's to keep.
inline constexpr std::size_t smallest_kept = std::size_t{8} << 10;
inline constexpr std::size_t most_kept = std::size_t{256} << 20;

}  // namespace simws
