#include "protocol/http/metrics_format.h"

#include "protocol/http/syntax.h"
#include "protocol/http/weight.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>

namespace simws::protocol::http {

namespace {

// What a client takes: a type or some of them, perhaps of one version, and how much it likes these.
struct MediaRange {
  std::string_view type;
  std::string_view version;  // empty: any
  int weight = 1000;

  bool takes(std::string_view of_type, std::string_view of_version) const {
    return equals_ignoring_case(type, of_type) && (version.empty() || version == of_version);
  }
};

std::string_view take_part(std::string_view& parts) {
  const std::size_t end = list_item_end(parts, ';');
  const std::string_view part = trim_ows(parts.substr(0, end));
  parts.remove_prefix(std::min(end, parts.size()));
  if (!parts.empty()) parts.remove_prefix(1);
  return part;
}

std::string_view without_quotes(std::string_view value) {
  const bool is_quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
  return is_quoted ? value.substr(1, value.size() - 2) : value;
}

// "text/plain;version=0.0.4;q=0.5". Nothing: it can't be understood.
std::optional<MediaRange> parse_range(std::string_view item) {
  MediaRange range{take_part(item), {}};
  while (!item.empty()) {
    const std::string_view parameter = take_part(item);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view name = parameter.substr(0, equals);
    const std::string_view value =
        without_quotes(parameter.substr(std::min(equals + 1, parameter.size())));
    if (equals_ignoring_case(name, "version")) range.version = value;
    if (!equals_ignoring_case(name, "q")) continue;
    const auto weight = parse_weight(value);
    if (!weight) return std::nullopt;
    range.weight = *weight;
  }
  return range;
}

// Of text the most specific range counts.
struct Wishes {
  std::optional<int> openmetrics;
  std::array<std::optional<int>, 3> text;

  void add(const MediaRange& range) {
    constexpr std::array<std::string_view, 3> texts{"text/plain", "text/*", "*/*"};
    if (range.takes("application/openmetrics-text", "1.0.0")) raise(openmetrics, range.weight);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (range.takes(texts[i], "0.0.4")) raise(text[i], range.weight);
    }
  }
  int weight_of_text() const { return text[0].value_or(text[1].value_or(text[2].value_or(0))); }

 private:
  static void raise(std::optional<int>& weight, int to) {
    weight = std::max(weight.value_or(to), to);
  }
};

}  // namespace

MetricsFormat preferred_metrics_format(const RequestHead& request) {
  Wishes wishes;
  const std::string accept = request.joined("Accept");
  for_each_list_item(accept, [&](std::string_view item) {
    if (const auto range = parse_range(item)) wishes.add(*range);
  });
  const int openmetrics = wishes.openmetrics.value_or(0);
  const bool is_liked_best = openmetrics > 0 && openmetrics >= wishes.weight_of_text();
  return is_liked_best ? MetricsFormat::openmetrics : MetricsFormat::text;
}

std::string_view media_type(MetricsFormat format) {
  return format == MetricsFormat::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace simws::protocol::http
