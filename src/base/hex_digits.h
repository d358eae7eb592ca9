// Bytes as people write them.
#pragma once

#include "base/bytes.h"

#include <string>

namespace simws {

// Two lower-case hexadecimal digits for each.
std::string hex_digits(Bytes bytes);

}  // namespace simws
