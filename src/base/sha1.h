// SHA-1, which the opening handshake asks for (RFC 6455, 4.2.2); libcrypto computes it.
#pragma once

#include "base/bytes.h"

#include <array>
#include <cstddef>

namespace simws {

// Of `data` and what follows it.
std::array<std::byte, 20> sha1(Bytes data, Bytes more = {});

}  // namespace simws
