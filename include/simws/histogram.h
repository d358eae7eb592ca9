// How long things took, as of a moment.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace simws {

// Times in seconds, counted by how long they are: each bound is twice the one before, from 1 µs to
// 34 s.
struct Histogram {
  static constexpr std::size_t bounds = 26;
  static constexpr double bound(std::size_t place) {
    return static_cast<double>(std::uint64_t{1} << place) / 1e6;
  }

  // Those over the bound before and up to this one; the last are over all bounds.
  std::array<std::uint64_t, bounds + 1> counts{};
  std::chrono::duration<double> sum{0};
  std::chrono::duration<double> longest{0};

  std::uint64_t count() const;
  // What this share of them (0.99) took at most, as far as the bounds tell; 0: there are none.
  std::chrono::duration<double> quantile(double share) const;
};

}  // namespace simws
