#include "base/fresh_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

namespace simws {
namespace {

// proc(5): a line with the range of each mapping, and some lines later one with its flags, of which
// hg says that large pages are wanted.
bool wants_large_pages(const void* memory) {
  const auto place = reinterpret_cast<std::uintptr_t>(memory);
  std::ifstream maps("/proc/self/smaps");
  bool is_here = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    if (std::istringstream range(line); range >> std::hex >> begin >> dash >> end && dash == '-') {
      is_here = begin <= place && place < end;
    }
    if (is_here && line.starts_with("VmFlags:")) return line.find(" hg") != line.npos;
  }
  return false;
}

TEST(FreshMemory, IsAskedForInLargePages) {
  const bool has_large_pages = std::filesystem::exists("/sys/kernel/mm/transparent_hugepage");
  constexpr std::size_t size = always_fresh + 5;
  const auto memory = std::make_unique_for_overwrite<char[]>(size);
  EXPECT_FALSE(wants_large_pages(memory.get()));
  prefer_large_pages(memory.get(), size);
  EXPECT_EQ(wants_large_pages(memory.get()), has_large_pages);
  EXPECT_EQ(wants_large_pages(memory.get() + size - 1), has_large_pages);
  std::memset(memory.get(), 7, size);
  EXPECT_EQ(memory[0], 7);
  EXPECT_EQ(memory[size - 1], 7);
}

}  // namespace
}  // namespace simws
