#include "endpoint/inspector_history.h"

#include "base/json_text.h"

#include <cmath>
#include <limits>
#include <utility>

namespace simws::endpoint {

namespace {

struct Quantiles {
  double median;
  double p99;
};

// Of what has come since; JSON's null where nothing has.
Quantiles since(Histogram& before, const Histogram& now) {
  const Histogram then = std::exchange(before, now);
  Histogram fresh = now;
  for (std::size_t i = 0; i < fresh.counts.size(); ++i) fresh.counts[i] -= then.counts[i];
  if (fresh.count() == 0) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    return {none, none};
  }
  return {fresh.quantile(0.5).count(), fresh.quantile(0.99).count()};
}

}  // namespace

void InspectorHistory::add(double time, const ServerInfo& info) {
  const Quantiles pass = since(before_.pass_time, info.pass_time);
  const Quantiles round_trip = since(before_.round_trip, info.round_trip);
  const Quantiles wait = since(before_.queue_wait, info.queue_wait);
  JsonText row;
  row.begin_array().number(std::round(time)).number(info.connections);
  row.number(info.messages_in).number(info.messages_out);
  row.number(info.bytes_in).number(info.bytes_out);
  row.number(info.queued_bytes).number(info.dropped);
  for (const Quantiles& times : {pass, round_trip, wait}) {
    row.number(times.median).number(times.p99);
  }
  rows_.push_back(row.end_array().take());
  if (rows_.size() > most_rows) rows_.pop_front();
}

std::string InspectorHistory::text_of(auto begin, auto end) {
  JsonText head;
  head.begin_object().name("columns").texts(columns).name("rows").begin_array();
  std::string text = head.take();
  for (auto row = begin; row != end; ++row) text.append(row == begin ? "" : ",").append(*row);
  return text.append("]}");
}

std::string InspectorHistory::text() const {
  return text_of(rows_.begin(), rows_.end());
}

std::string InspectorHistory::latest_text() const {
  return text_of(rows_.empty() ? rows_.end() : rows_.end() - 1, rows_.end());
}

}  // namespace simws::endpoint
