// The inspector's page and what it loads, under /_simws/, and who may come to it.
#pragma once

#include "endpoint/http_services.h"

#include <functional>
#include <memory>

namespace simws::endpoint {

// Everything under /_simws/ is this service's: the pages, and attempts at the inspector's
// WebSocket, which need exactly this server's origin, the subprotocol simws.topics.1, and room.
std::unique_ptr<HttpService> make_inspector_service(std::function<bool()> has_room);

}  // namespace simws::endpoint
