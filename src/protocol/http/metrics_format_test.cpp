#include "protocol/http/metrics_format.h"

#include "base/request_head_builder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol::http {
namespace {

MetricsFormat format_for(const std::vector<std::string>& accepts) {
  RequestHeadBuilder builder;
  builder.begin("GET", "/metrics");
  for (const std::string& accept : accepts) builder.add("Accept", accept);
  return preferred_metrics_format(builder.finish());
}

TEST(MetricsFormat, IsTextUnlessOpenMetricsIsNamed) {
  EXPECT_EQ(format_for({}), MetricsFormat::text);
  for (const char* accept :
       {"", "*/*", "text/plain", "text/*", "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/*", "application/openmetrics-textual", "application/openmetrics",
        "application/openmetrics-text;q=0", "application/openmetrics-text;version=0.0.1",
        "application/openmetrics-text;version=2.0.0",
        "application/openmetrics-text;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.5",
        "application/openmetrics-text;q=0.4,*/*;q=0.5", "application/openmetrics-text;q=2",
        "application/openmetrics-text;q=x", "application/openmetrics-text;q=", ";;;", "=;q",
        "\"application/openmetrics-text\""}) {
    EXPECT_EQ(format_for({accept}), MetricsFormat::text) << accept;
  }
}

TEST(MetricsFormat, IsOpenMetricsWhereItIsLikedAsWell) {
  for (const char* accept :
       {"application/openmetrics-text", "application/openmetrics-text;version=1.0.0",
        "Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=0.1",
        "application/openmetrics-text,text/plain",
        "text/plain;q=0.2,application/openmetrics-text;q=0.3", "*/*,application/openmetrics-text",
        "application/openmetrics-text;q=0.5,*/*;q=0.5",
        "text/plain;q=0,*/*,application/openmetrics-text;q=0.1",
        "text/plain;version=1.0.0,application/openmetrics-text;version=1.0.0;q=0.1",
        // Prometheus 2 and 3
        "application/openmetrics-text;version=1.0.0,application/"
        "openmetrics-text;version=0.0.1;q=0.75,"
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,"
        "text/plain;version=0.0.4;q=0.3,*/*;q=0.2"}) {
    EXPECT_EQ(format_for({accept}), MetricsFormat::openmetrics) << accept;
  }
}

TEST(MetricsFormat, IsSaidInSeveralFieldsToo) {
  EXPECT_EQ(format_for({"text/plain;q=0.5", "application/openmetrics-text"}),
            MetricsFormat::openmetrics);
  EXPECT_EQ(format_for({"application/openmetrics-text;q=0.5", "text/plain"}), MetricsFormat::text);
}

}  // namespace
}  // namespace simws::protocol::http
