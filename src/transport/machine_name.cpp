#include "transport/loop.h"

#include <uv.h>

#include <array>

namespace simws::transport {

std::string machine_name() {
  std::array<char, UV_MAXHOSTNAMESIZE> name{};
  std::size_t size = name.size();
  if (uv_os_gethostname(name.data(), &size) != 0) return {};
  return std::string(name.data(), size);
}

}  // namespace simws::transport
