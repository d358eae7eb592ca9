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
  // As JSON: all of them, the oldest first; or the latest alone.
  std::string text() const;
  std::string latest_text() const;

 private:
  static constexpr std::array<std::string_view, 8> columns = {
      "time",    "connections", "messagesIn",  "messagesOut",
      "bytesIn", "bytesOut",    "queuedBytes", "dropped"};
  using Row = std::array<double, columns.size()>;

  static std::string text_of(auto begin, auto end);

  std::deque<Row> rows_;
};

}  // namespace simws::endpoint
