// What a server without a page of its own shows a browser: what it is, and a console for it.
#pragma once

#include <simws/http.h>

#include <optional>

namespace simws::protocol::http {

// For a page's navigation to `/` (GET or HEAD that accepts text/html); nothing for anything else.
std::optional<HttpResponse> info_page(const RequestHead& request);

}  // namespace simws::protocol::http
