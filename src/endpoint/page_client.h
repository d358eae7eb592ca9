// The client of pages, simws.js, which a server with topics has for them.
#pragma once

#include "endpoint/http_services.h"

#include <memory>

namespace simws::endpoint {

struct BuiltInFile;

// The module, minified.
const BuiltInFile& page_client();

// Answers GET and HEAD for /simws.js.
std::unique_ptr<HttpService> make_page_client_service();

}  // namespace simws::endpoint
