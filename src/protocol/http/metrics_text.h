// Figures as text for who collects them: Prometheus' format 0.0.4, or OpenMetrics 1.0.
#pragma once

#include "protocol/http/metrics_format.h"

#include <simws/histogram.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace simws::protocol::http {

enum class MetricKind : std::uint8_t { counter, gauge, histogram, info };

struct MetricFamily {
  std::string_view name;  // without the `_total` of a counter and the `_info` of an info
  MetricKind kind = MetricKind::gauge;
  std::string_view unit;  // which the name ends with; empty: none
  std::string_view help;  // one line, without quotes and backslashes
};

struct MetricLabel {
  std::string_view name;
  std::string_view value;  // escaped
};
using MetricLabels = std::initializer_list<MetricLabel>;

// Any UTF-8 as a label may have it.
std::string escaped_label(std::string_view value);

class MetricsText {
 public:
  explicit MetricsText(MetricsFormat format) : format_(format) {}

  // What is added next belongs to it. It outlives that.
  void begin(const MetricFamily& family);
  void add(double value, MetricLabels labels = {});
  void add(const Histogram& histogram);
  // So many bytes more will be added.
  void expect(std::size_t bytes) { text_.reserve(text_.size() + bytes); }
  std::string finish() &&;

 private:
  bool is_openmetrics() const { return format_ == MetricsFormat::openmetrics; }
  std::string_view ending() const;
  void add_line(std::string_view ending, MetricLabels labels, double value);
  void add_labels(MetricLabels labels);

  const MetricsFormat format_;
  const MetricFamily* family_ = nullptr;
  std::string text_;
};

}  // namespace simws::protocol::http
