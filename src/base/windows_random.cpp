// For rand_s, which is cryptographic and needs no library beside the C runtime.
#define _CRT_RAND_S

#include "base/random.h"

#ifdef _WIN32

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace simws {

void SystemRandom::fill(MutableBytes bytes) {
  while (!bytes.empty()) {
    unsigned number = 0;
    if (const int error = rand_s(&number); error != 0) {
      throw std::system_error(error, std::generic_category(), "random bytes");
    }
    const MutableBytes portion = bytes.first(std::min(bytes.size(), sizeof number));
    std::memcpy(portion.data(), &number, portion.size());
    bytes = bytes.subspan(portion.size());
  }
}

}  // namespace simws

#endif
