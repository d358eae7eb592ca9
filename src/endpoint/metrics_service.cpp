#include "endpoint/metrics_service.h"

#include "base/clock.h"
#include "endpoint/broker_metrics.h"
#include "endpoint/metric_rows.h"
#include "endpoint/server_core.h"
#include "endpoint/topic_metrics.h"
#include "protocol/http/metrics_text.h"

#include <simws/server.h>

#include <string>
#include <utility>

namespace simws::endpoint {

using namespace protocol::http;

namespace {

constexpr MetricFamily build = {"simws_build", MetricKind::info, "", "The version of simWS."};
constexpr MetricFamily start_time = {"simws_start_time_seconds", MetricKind::gauge, "seconds",
                                     "When the server was started, in seconds since 1970."};

struct Figures {
  const ServerInfo& info;
  const ServerOptions& options;
};

template <auto member>
double figure(const Figures& figures) {
  return member_of<member>(figures.info);
}
template <auto member>
double limit(const Figures& figures) {
  return member_of<member>(figures.options);
}

using S = ServerInfo;
using O = ServerOptions;
constexpr MetricRow<Figures> rows[] = {
    {{"simws_connections", MetricKind::gauge, "", "Open WebSocket connections."},
     figure<&S::connections>},
    {{"simws_max_connections", MetricKind::gauge, "",
      "Connections that may be there at a time (maxConnections)."},
     limit<&O::max_connections>},
    {{"simws_connections_accepted", MetricKind::counter, "",
      "Connections that clients have made, for WebSocket, HTTP or nothing."},
     figure<&S::accepted>},
    {{"simws_handshakes", MetricKind::counter, "", "WebSocket connections that were opened."},
     figure<&S::handshakes>},
    {{"simws_http_requests", MetricKind::counter, "",
      "HTTP requests for no WebSocket that weren't refused."},
     figure<&S::http_requests>},
    {{"simws_refused", MetricKind::counter, "",
      "Attempts that did not become connections, and HTTP requests that were refused."},
     figure<&S::refused>},
    {{"simws_messages_received", MetricKind::counter, "", "Messages received."},
     figure<&S::messages_in>},
    {{"simws_messages_sent", MetricKind::counter, "", "Messages sent."}, figure<&S::messages_out>},
    {{"simws_messages_dropped", MetricKind::counter, "",
      "Messages that were to be sent, and weren't."},
     figure<&S::dropped>},
    {{"simws_received_bytes", MetricKind::counter, "bytes", "Bytes received from the network."},
     figure<&S::bytes_in>},
    {{"simws_sent_bytes", MetricKind::counter, "bytes", "Bytes sent to the network."},
     figure<&S::bytes_out>},
    {{"simws_queued_bytes", MetricKind::gauge, "bytes",
      "Bytes of memory that wait to be sent, on all connections."},
     figure<&S::queued_bytes>},
    {{"simws_max_queued_bytes", MetricKind::gauge, "bytes",
      "Bytes that may (maxTotalQueuedBytes)."},
     limit<&O::max_total_queued_bytes>},
    {{"simws_pending_bytes", MetricKind::gauge, "bytes",
      "Bytes received that the script has not handled, or whose message isn't whole."},
     figure<&S::pending_bytes>},
    {{"simws_max_pending_bytes", MetricKind::gauge, "bytes",
      "Bytes of these over which the server stops reading (maxPendingBytes)."},
     limit<&O::max_pending_bytes>},
    {{"simws_retained_bytes", MetricKind::gauge, "bytes",
      "Bytes of data and keys that are retained of topics."},
     figure<&S::retained_bytes>},
    {{"simws_max_retained_bytes", MetricKind::gauge, "bytes",
      "Bytes of these that may be (maxTotalRetainedBytes)."},
     limit<&O::max_total_retained_bytes>},
    {{"simws_log_lines_left_out", MetricKind::counter, "",
      "Lines about clients that were left out of the log, which takes ten in a second."},
     figure<&S::lines_left_out>},
};

struct HistogramRow {
  MetricFamily family;
  Histogram ServerInfo::*histogram;
};
constexpr HistogramRow histogram_rows[] = {
    {{"simws_round_trip_seconds", MetricKind::histogram, "seconds",
      "From a ping, or what stands for it with topics, to its answer."},
     &S::round_trip},
    {{"simws_queue_wait_seconds", MetricKind::histogram, "seconds",
      "How long what the system did not take at once has waited, once for all that a turn left."},
     &S::queue_wait},
};
constexpr HistogramRow script_rows[] = {
    {{"simws_pass_seconds", MetricKind::histogram, "seconds",
      "How long the passes of the script over waiting events took."},
     &S::pass_time},
    {{"simws_callback_seconds", MetricKind::histogram, "seconds",
      "How long callbacks of the script took."},
     &S::callback_time},
    {{"simws_step_lateness_seconds", MetricKind::histogram, "seconds",
      "By how much steps of the script began too late."},
     &S::step_lateness},
};

template <typename Rows>
void write_histograms(MetricsText& text, const Rows& of, const ServerInfo& info) {
  for (const HistogramRow& row : of) {
    text.begin(row.family);
    text.add(info.*row.histogram);
  }
}

bool asks_for_it(const HttpRequest& request) {
  return (request.method == "GET" || request.method == "HEAD") &&
         request.resource.substr(0, request.resource.find('?')) == metrics_path;
}

class MetricsService final : public HttpService {
 public:
  explicit MetricsService(const ServerCore& core) : core_(core) {}

  std::optional<HttpResponse> answer(const HttpRequest& request) override {
    if (!asks_for_it(request)) return std::nullopt;
    const MetricsFormat format = preferred_metrics_format(request.head);
    HeaderList headers = {{"Content-Type", std::string(media_type(format))},
                          {"Cache-Control", "no-store"},
                          {"Vary", "Accept"},
                          {"X-Content-Type-Options", "nosniff"}};
    return HttpResponse{200, write(format), std::move(headers)};
  }

 private:
  std::string write(MetricsFormat format) {
    const ServerInfo info = core_.info();
    MetricsText text(format);
    text.begin(build);
    text.add(1, {{"version", SIMWS_VERSION}});
    text.begin(start_time);
    text.add(started_);
    write_rows(text, rows, Figures{info, core_.options()});
    write_histograms(text, histogram_rows, info);
    if (core_.options().script_times) write_histograms(text, script_rows, info);
    topics_.write(text, core_.topics());
    if (info.broker) write_broker_metrics(text, *info.broker);
    return std::move(text).finish();
  }

  const ServerCore& core_;
  const double started_ = unix_milliseconds() / 1000;
  TopicMetrics topics_;
};

}  // namespace

std::unique_ptr<HttpService> make_metrics_service(const ServerCore& core) {
  return std::make_unique<MetricsService>(core);
}

}  // namespace simws::endpoint
