#include "host/commands/bench/time_text.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace simws::host {

namespace {

std::string printed(const char* format, double number) {
  std::array<char, 64> text;
  std::snprintf(text.data(), text.size(), format, number);
  return text.data();
}

// Three digits, which decide about the point.
std::string three_digits(double number) {
  const double size = std::fabs(number);
  return printed(size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%.0f", number);
}

}  // namespace

std::string time_text(double seconds, bool has_unicode) {
  if (!std::isfinite(seconds)) return "-";
  const double size = std::fabs(seconds);
  if (size < 999.5e-9) return printed("%.0f ns", seconds * 1e9);
  if (size < 999.5e-6) return three_digits(seconds * 1e6) + (has_unicode ? " µs" : " us");
  if (size < 999.5e-3) return three_digits(seconds * 1e3) + " ms";
  return three_digits(seconds) + " s";
}

std::string count_text(double number) {
  if (!std::isfinite(number)) return "-";
  if (number < 100 && number != std::floor(number)) return printed("%.1f", number);
  std::string text = printed("%.0f", number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return (unit == 0 ? printed("%.0f", bytes) : three_digits(bytes)) + ' ' + units[unit];
}

}  // namespace simws::host
