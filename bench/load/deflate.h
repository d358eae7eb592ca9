// permessage-deflate as a client without context takeover has it, by zlib.
#pragma once

#include <string>
#include <string_view>

namespace bench {

// RFC 7692, 7.2.1.
std::string deflate(std::string_view message);

// RFC 7692, 7.2.2. False: it's no message that was compressed by itself.
bool inflate(std::string_view compressed, std::string& message);

}  // namespace bench
