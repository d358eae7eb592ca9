// `/metrics`: a server's figures for who collects them, such as Prometheus (docs/metrics.md).
#pragma once

#include "endpoint/http_services.h"

#include <memory>
#include <string_view>

namespace simws::endpoint {

class ServerCore;

inline constexpr std::string_view metrics_path = "/metrics";

// The core outlives it.
std::unique_ptr<HttpService> make_metrics_service(const ServerCore& core);

}  // namespace simws::endpoint
