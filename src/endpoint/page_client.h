// The client of pages, simws.js, which a server with topics has for them.
#pragma once

#include "endpoint/http_services.h"

#include <memory>
#include <string_view>

namespace simws::endpoint {

// The module, and the entity tag of this version of it. The build makes both of
// packages/js/simws.min.js.
extern const std::string_view page_client_script;
extern const std::string_view page_client_etag;

// Answers GET and HEAD for /simws.js.
std::unique_ptr<HttpService> make_page_client_service();

}  // namespace simws::endpoint
