#include "base/random.h"

#ifndef _WIN32

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace simws {

void SystemRandom::fill(MutableBytes bytes) {
  constexpr std::size_t most_at_once = 256;  // what POSIX.1-2024 lets getentropy give
  while (!bytes.empty()) {
    const MutableBytes portion = bytes.first(std::min(bytes.size(), most_at_once));
    if (::getentropy(portion.data(), portion.size()) != 0) {
      throw std::system_error(errno, std::generic_category(), "random bytes");
    }
    bytes = bytes.subspan(portion.size());
  }
}

}  // namespace simws

#endif
