#include "endpoint/inspector_history.h"

#include "base/json_text.h"

#include <cmath>

namespace simws::endpoint {

void InspectorHistory::add(double time, const ServerInfo& info) {
  const auto number = [](auto figure) { return static_cast<double>(figure); };
  rows_.push_back({std::round(time), number(info.connections), number(info.messages_in),
                   number(info.messages_out), number(info.bytes_in), number(info.bytes_out),
                   number(info.queued_bytes), number(info.dropped)});
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
