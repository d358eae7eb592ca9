// Names that nothing has had before.
#pragma once

#include <string>

namespace simws {

// 12 lower-case hexadecimal digits, others with each call: from the system's random bytes or, where
// it has none, its clock. No secret.
std::string fresh_name();

}  // namespace simws
