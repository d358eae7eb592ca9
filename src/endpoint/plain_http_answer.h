// The answer to plain HTTP where TLS is expected.
#pragma once

#include "transport/tls_options.h"

#include <string_view>

namespace simws::endpoint {

// 400, which names the https address that the request's `head` asks for; where it names no host,
// that of this machine. The head may be only the beginning of one. Only a whole request that asks
// for no WebSocket is no attempt that failed.
transport::PlainHttpReply answer_plain_http(std::string_view head, int port);

}  // namespace simws::endpoint
