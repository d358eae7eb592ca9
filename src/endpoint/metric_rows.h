// Figures of /metrics that are members of something, one a row.
#pragma once

#include "protocol/http/metrics_text.h"

namespace simws::endpoint {

template <typename Of>
struct MetricRow {
  protocol::http::MetricFamily family;
  double (*value)(const Of&) = nullptr;
};

// The value of a row: that member.
template <auto member, typename Of>
double member_of(const Of& of) {
  return static_cast<double>(of.*member);
}

template <typename Rows, typename Of>
void write_rows(protocol::http::MetricsText& text, const Rows& rows, const Of& of) {
  for (const MetricRow<Of>& row : rows) {
    text.begin(row.family);
    text.add(row.value(of));
  }
}

}  // namespace simws::endpoint
