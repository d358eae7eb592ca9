// How many log lines others can cause.
#pragma once

#include "base/clock.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

namespace simws {

// Admits ten lines in any second, and counts the others. Before each line that it's asked for, and
// when `tells_at` has come, whoever logs takes what was left out and logs that as well:
//
//     if (const auto count = limiter.take_left_out(now)) log(*count, "lines were left out");
//     if (limiter.admit(now)) log(line);
class LineLimiter {
 public:
  static constexpr std::size_t most = 10;
  static constexpr Duration period = std::chrono::seconds{1};

  // The line may be logged; false: it's left out, and counted. Times never go back.
  bool admit(Time now);
  // How many were left out, once lines may be logged again: at most once in a period.
  std::optional<std::size_t> take_left_out(Time now);
  // When it has something to take, even if no line comes any more.
  std::optional<Time> tells_at() const;

 private:
  std::array<std::optional<Time>, most> admitted_;  // a ring of the latest
  std::size_t oldest_ = 0;
  std::size_t left_out_ = 0;
  std::optional<Time> told_;
};

}  // namespace simws
