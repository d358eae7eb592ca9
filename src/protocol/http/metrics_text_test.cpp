#include "protocol/http/metrics_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace simws::protocol::http {
namespace {

constexpr MetricFamily sent = {"robot_sent_bytes", MetricKind::counter, "bytes", "Bytes sent."};
constexpr MetricFamily speed = {"robot_speed", MetricKind::gauge, "", "How fast it is."};
constexpr MetricFamily build = {"robot_build", MetricKind::info, "", "The version."};
constexpr MetricFamily steps = {"robot_step_seconds", MetricKind::histogram, "seconds", "Steps."};

std::string in_both(const MetricFamily& family, MetricLabels labels, double value) {
  std::string all;
  for (const MetricsFormat format : {MetricsFormat::text, MetricsFormat::openmetrics}) {
    MetricsText text(format);
    text.begin(family);
    text.add(value, labels);
    all += std::move(text).finish();
  }
  return all;
}

TEST(MetricsText, ACounterIsATotal) {
  EXPECT_EQ(in_both(sent, {}, 7),
            "# HELP robot_sent_bytes_total Bytes sent.\n"
            "# TYPE robot_sent_bytes_total counter\n"
            "robot_sent_bytes_total 7\n"
            "# HELP robot_sent_bytes Bytes sent.\n"
            "# TYPE robot_sent_bytes counter\n"
            "# UNIT robot_sent_bytes bytes\n"
            "robot_sent_bytes_total 7\n"
            "# EOF\n");
}

TEST(MetricsText, AGaugeIsItself) {
  EXPECT_EQ(in_both(speed, {{"leg", "left"}, {"joint", "2"}}, 0.25),
            "# HELP robot_speed How fast it is.\n"
            "# TYPE robot_speed gauge\n"
            "robot_speed{leg=\"left\",joint=\"2\"} 0.25\n"
            "# HELP robot_speed How fast it is.\n"
            "# TYPE robot_speed gauge\n"
            "robot_speed{leg=\"left\",joint=\"2\"} 0.25\n"
            "# EOF\n");
}

TEST(MetricsText, AnInfoIsAGaugeWhereThereIsNone) {
  EXPECT_EQ(in_both(build, {{"version", "1.0.0"}}, 1),
            "# HELP robot_build_info The version.\n"
            "# TYPE robot_build_info gauge\n"
            "robot_build_info{version=\"1.0.0\"} 1\n"
            "# HELP robot_build The version.\n"
            "# TYPE robot_build info\n"
            "robot_build_info{version=\"1.0.0\"} 1\n"
            "# EOF\n");
}

TEST(MetricsText, AHistogramCountsWhatIsUpToEachBound) {
  Histogram histogram;
  histogram.counts[0] = 1;
  histogram.counts[2] = 2;
  histogram.counts[Histogram::bounds] = 1;
  histogram.sum = std::chrono::duration<double>{40.5};
  MetricsText text(MetricsFormat::text);
  text.begin(steps);
  text.add(histogram);
  const std::string all = std::move(text).finish();
  EXPECT_EQ(all.substr(0, all.find("{le=\"8e-06\"}")),
            "# HELP robot_step_seconds Steps.\n"
            "# TYPE robot_step_seconds histogram\n"
            "robot_step_seconds_bucket{le=\"1e-06\"} 1\n"
            "robot_step_seconds_bucket{le=\"2e-06\"} 1\n"
            "robot_step_seconds_bucket{le=\"4e-06\"} 3\n"
            "robot_step_seconds_bucket");
  EXPECT_EQ(all.substr(all.find("robot_step_seconds_bucket{le=\"33.")),
            "robot_step_seconds_bucket{le=\"33.554432\"} 3\n"
            "robot_step_seconds_bucket{le=\"+Inf\"} 4\n"
            "robot_step_seconds_sum 40.5\n"
            "robot_step_seconds_count 4\n");
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 2 + 27 + 2);
}

TEST(MetricsText, NumbersAreExact) {
  for (const auto& [value, text] : {std::pair{0.0, "0"},
                                    {100000.0, "100000"},
                                    {9007199254740992.0, "9007199254740992"},
                                    {1e300, "1e+300"},
                                    {0.1, "0.1"},
                                    {1e-9, "1e-09"},
                                    {-3.0, "-3"},
                                    {1796035200.125, "1796035200.125"}}) {
    MetricsText metrics(MetricsFormat::text);
    metrics.begin(speed);
    metrics.add(value);
    const std::string all = std::move(metrics).finish();
    EXPECT_EQ(all.substr(all.rfind(' ') + 1), std::string(text) + "\n");
  }
}

TEST(MetricsText, ValuesOfLabelsAreAnyText) {
  const std::string value = escaped_label("a\"b\\c\nd\xC3\xA9{}");
  const std::string all = in_both(speed, {{"name", value}}, 1);
  EXPECT_NE(all.find("robot_speed{name=\"a\\\"b\\\\c\\nd\xC3\xA9{}\"} 1\n"), std::string::npos);
}

}  // namespace
}  // namespace simws::protocol::http
