// In which of its two formats figures are told to who collects them.
#pragma once

#include <simws/http.h>

#include <cstdint>
#include <string_view>

namespace simws::protocol::http {

enum class MetricsFormat : std::uint8_t {
  text,         // Prometheus' text, version 0.0.4
  openmetrics,  // version 1.0
};

// What the client likes best by its field Accept (RFC 9110, 12.5.1); OpenMetrics only where it's
// named there.
MetricsFormat preferred_metrics_format(const RequestHead& request);

// As Content-Type has it.
std::string_view media_type(MetricsFormat format);

}  // namespace simws::protocol::http
