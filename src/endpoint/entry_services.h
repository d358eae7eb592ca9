// Services that decide who may come in, besides Host and Origin.
#pragma once

#include "endpoint/http_services.h"
#include "protocol/token.h"

#include <memory>

namespace simws::endpoint {

// The rules outlive each of them.

// Answers pages that ask whether they may read (preflights).
std::unique_ptr<HttpService> make_cors_service(const protocol::EntryRules& rules);
// Asks for a token all but those pages, who can't send one then. Follows the service above.
std::unique_ptr<HttpService> make_token_service(protocol::TokenRule token,
                                                const protocol::EntryRules& rules);

}  // namespace simws::endpoint
