// Runs a fuzz target on every file of the folders given, without libFuzzer.
#include "check.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

// Heap memory of exactly the file's size, so that a sanitizer sees each byte read beyond it.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  simws::fuzz::check(file.is_open());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return {text.begin(), text.end()};
}

std::size_t replay_folder(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::printf("%s\n", entry.path().c_str());
    std::fflush(stdout);
    const std::vector<std::uint8_t> input = read_file(entry.path());
    LLVMFuzzerTestOneInput(input.data(), input.size());
    ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t total = 0;
  for (int i = 1; i < argc; ++i) {
    const std::size_t count = replay_folder(argv[i]);
    if (count == 0) {
      std::fprintf(stderr, "%s: no files\n", argv[i]);
      return 1;
    }
    total += count;
  }
  std::printf("%zu inputs\n", total);
  return total == 0 ? 1 : 0;
}
