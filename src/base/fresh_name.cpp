#include "base/fresh_name.h"

#include "base/clock.h"
#include "base/random.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
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
  constexpr std::string_view digits = "0123456789abcdef";
  std::string name;
  for (const std::byte byte : bytes) {
    name += digits[std::to_integer<std::size_t>(byte >> 4)];
    name += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return name;
}

}  // namespace simws
