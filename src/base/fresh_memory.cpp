#include "base/fresh_memory.h"

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace simws {

#ifdef __linux__

// Whole pages, with the rest of the first and of the last: a large page that begins where the
// allocator's own words are would come in small ones.
void prefer_large_pages(void* memory, std::size_t size) noexcept {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<std::uintptr_t>(memory) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + size + page - 1) / page * page;
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

#else

void prefer_large_pages(void*, std::size_t) noexcept {}

#endif

}  // namespace simws
