// Where an answer sends a client instead (RFC 9110, 15.4; RFC 3986, 5).
#pragma once

#include "protocol/attempt.h"
#include "protocol/uri.h"

#include <string_view>
#include <variant>

namespace simws::protocol {

// 301, 302, 303, 307 and 308 are followed; the others of 300-399 aren't.
bool is_redirect(int status);

// The URI that Location means, seen from the one that was asked. Its credentials are those of
// `from` for the same origin, else there are none: a server can't give a client any. From wss to ws
// nothing leads. A fragment is left out.
std::variant<Uri, AttemptFailure> follow_redirect(const Uri& from,
                                                  const http::ResponseParser& answer);

}  // namespace simws::protocol
