// How a server gets on with its broker, as metrics.
#pragma once

#include "protocol/http/metrics_text.h"

#include <simws/broker.h>

namespace simws::endpoint {

void write_broker_metrics(protocol::http::MetricsText& text, const BrokerInfo& broker);

}  // namespace simws::endpoint
