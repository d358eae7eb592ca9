#include "base/fresh_name.h"

#include "base/clock.h"
#include "base/hex_digits.h"
#include "base/random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <system_error>

namespace simws {

std::string fresh_name() {
  std::array<std::byte, 6> bytes{};
  try {
    SystemRandom().fill(bytes);
  } catch (const std::system_error&) {
    const auto now = static_cast<std::uint64_t>(unix_milliseconds() * 1000);
    std::memcpy(bytes.data(), &now, bytes.size());
  }
  return hex_digits(bytes);
}

}  // namespace simws
