#include "endpoint/broker_metrics.h"

#include "endpoint/metric_rows.h"

namespace simws::endpoint {

using namespace protocol::http;

namespace {

using B = BrokerInfo;

constexpr MetricRow<B> rows[] = {
    {{"simws_broker_open", MetricKind::gauge, "",
      "1 while what is published goes to the broker, else 0."},
     [](const B& broker) { return broker.state == BrokerState::open ? 1.0 : 0.0; }},
    {{"simws_broker_published", MetricKind::counter, "", "Messages handed on for the broker."},
     member_of<&B::published>},
    {{"simws_broker_dropped", MetricKind::counter, "",
      "Messages that came faster than the broker takes them."},
     member_of<&B::dropped>},
    {{"simws_broker_conflated", MetricKind::counter, "",
      "Messages not handed on for the broker, for a newer one of their key came."},
     member_of<&B::conflated>},
    {{"simws_broker_queued_bytes", MetricKind::gauge, "bytes", "Bytes that wait for the broker."},
     member_of<&B::queued_bytes>},
    {{"simws_broker_incoming", MetricKind::counter, "",
      "Messages that viewers of edges have published."},
     member_of<&B::incoming>},
    {{"simws_broker_incoming_dropped", MetricKind::counter, "",
      "Messages of these that were refused, or too many."},
     member_of<&B::incoming_dropped>},
    {{"simws_broker_round_trip_seconds", MetricKind::gauge, "seconds",
      "To the broker and back, lately; 0 where it isn't known."},
     [](const B& broker) { return broker.round_trip ? broker.round_trip->count() : 0.0; }},
};

}  // namespace

void write_broker_metrics(MetricsText& text, const BrokerInfo& broker) {
  write_rows(text, rows, broker);
}

}  // namespace simws::endpoint
