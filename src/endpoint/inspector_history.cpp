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
  const auto number = [](auto figure) { return static_cast<double>(figure); };
  const Quantiles pass = since(before_.pass_time, info.pass_time);
  const Quantiles round_trip = since(before_.round_trip, info.round_trip);
  const Quantiles wait = since(before_.queue_wait, info.queue_wait);
  rows_.push_back({std::round(time), number(info.connections), number(info.messages_in),
                   number(info.messages_out), number(info.bytes_in), number(info.bytes_out),
                   number(info.queued_bytes), number(info.dropped), pass.median, pass.p99,
                   round_trip.median, round_trip.p99, wait.median, wait.p99});
  if (rows_.size() > most_rows) rows_.pop_front();
}

std::string InspectorHistory::text_of(auto begin, auto end) {
  JsonText json;
  json.begin_object().name("columns").texts(columns).name("rows").begin_array();
  for (auto row = begin; row != end; ++row) {
    json.begin_array();
    for (const double figure : *row) json.number(figure);
    json.end_array();
  }
  return json.end_array().end_object().take();
}

std::string InspectorHistory::text() const {
  return text_of(rows_.begin(), rows_.end());
}

std::string InspectorHistory::latest_text() const {
  return text_of(rows_.empty() ? rows_.end() : rows_.end() - 1, rows_.end());
}

}  // namespace simws::endpoint
