#include "protocol/http/metrics_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <utility>

namespace simws::protocol::http {

namespace {

std::string_view name_of(MetricKind kind) {
  constexpr std::array<std::string_view, 4> names{"counter", "gauge", "histogram", "info"};
  return names[static_cast<std::size_t>(kind)];
}

// Whole numbers as such, others with as few digits as tell them.
std::string number_text(double value) {
  constexpr double largest_exact = 9007199254740992;  // 2^53
  std::array<char, 32> digits;
  char* const end = digits.data() + digits.size();
  const bool is_whole = std::trunc(value) == value && std::abs(value) <= largest_exact;
  const auto written = is_whole
                           ? std::to_chars(digits.data(), end, static_cast<std::int64_t>(value))
                           : std::to_chars(digits.data(), end, value);
  return std::string(digits.data(), written.ptr);
}

}  // namespace

std::string escaped_label(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"' || c == '\n') text += '\\';
    text += c == '\n' ? 'n' : c;
  }
  return text;
}

// The name of a family is that of its samples in one format, and without their endings in the
// other.
void MetricsText::begin(const MetricFamily& family) {
  family_ = &family;
  std::string name(family.name);
  if (!is_openmetrics()) name += ending();
  const bool is_known = is_openmetrics() || family.kind != MetricKind::info;
  const std::string_view kind = is_known ? name_of(family.kind) : "gauge";
  text_.append("# HELP ").append(name).append(" ").append(family.help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(kind).append("\n");
  if (!is_openmetrics() || family.unit.empty()) return;
  text_.append("# UNIT ").append(name).append(" ").append(family.unit).append("\n");
}

std::string_view MetricsText::ending() const {
  if (family_->kind == MetricKind::counter) return "_total";
  return family_->kind == MetricKind::info ? "_info" : "";
}

void MetricsText::add(double value, MetricLabels labels) {
  add_line(ending(), labels, value);
}

void MetricsText::add(const Histogram& histogram) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    count += histogram.counts[i];
    const bool is_last = i == Histogram::bounds;
    const std::string bound = is_last ? "+Inf" : number_text(Histogram::bound(i));
    add_line("_bucket", {{"le", bound}}, static_cast<double>(count));
  }
  add_line("_sum", {}, histogram.sum.count());
  add_line("_count", {}, static_cast<double>(count));
}

void MetricsText::add_line(std::string_view ending, MetricLabels labels, double value) {
  text_.append(family_->name).append(ending);
  add_labels(labels);
  text_.append(" ").append(number_text(value)).append("\n");
}

void MetricsText::add_labels(MetricLabels labels) {
  if (labels.size() == 0) return;
  char separator = '{';
  for (const MetricLabel& label : labels) {
    text_.append(1, separator).append(label.name).append("=\"").append(label.value).append("\"");
    separator = ',';
  }
  text_ += '}';
}

std::string MetricsText::finish() && {
  if (is_openmetrics()) text_ += "# EOF\n";
  return std::move(text_);
}

}  // namespace simws::protocol::http
