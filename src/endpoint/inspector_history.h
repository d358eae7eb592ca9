// The figures of a server of the last minutes, one row a second.
#pragma once

#include <simws/server.h>

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace simws::endpoint {

class InspectorHistory {
 public:
  static constexpr std::size_t most_rows = 600;

  // In place of the oldest, where there are as many as may be.
  void add(double time, const ServerInfo& info);
  // As JSON: all of them, the oldest first; or the latest alone. Times that things took are those
  // of a row's own second; null: nothing took any.
  std::string text() const;
  std::string latest_text() const;

 private:
  static constexpr std::array<std::string_view, 14> columns = {
      "time",         "connections",  "messagesIn",   "messagesOut", "bytesIn",
      "bytesOut",     "queuedBytes",  "dropped",      "passP50",     "passP99",
      "roundTripP50", "roundTripP99", "queueWaitP50", "queueWaitP99"};
  // The histograms, as they were a second ago.
  struct Before {
    Histogram pass_time, round_trip, queue_wait;
  };

  static std::string text_of(auto begin, auto end);

  // As JSON: to write all of them anew would take a turn two milliseconds.
  std::deque<std::string> rows_;
  Before before_;
};

}  // namespace simws::endpoint
