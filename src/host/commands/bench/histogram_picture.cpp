#include "host/commands/bench/histogram_picture.h"

#include "base/cut_text.h"
#include "host/commands/bench/time_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string_view>
#include <vector>

namespace simws::host {

namespace {

constexpr std::size_t most_rows = 12;
constexpr double least_ratio = 1.05;  // between rows: finer differences are noise
constexpr std::size_t label_width = 12;
constexpr std::size_t share_width = 9;

struct Row {
  double from;
  std::uint64_t count;
};

// From the first row to the last but one the same ratio lies between neighbours.
std::vector<Row> rows_of(const load::Histogram& times) {
  const double last = std::max(times.percentile(0.999), 1e-9);
  const double first = std::clamp(times.percentile(0.001), last * 1e-6, last);
  const double whole = std::log(last / first);
  const auto steps = static_cast<std::size_t>(
      std::clamp(std::ceil(whole / std::log(least_ratio)), 1.0, double{most_rows} - 1));
  const double ratio = std::max(std::exp(whole / static_cast<double>(steps)), least_ratio);
  std::vector<Row> rows;
  double from = first;
  for (std::size_t i = 0; i <= steps; ++i, from *= ratio) {
    const double begin = i == 0 ? -std::numeric_limits<double>::infinity() : from;
    const double end = i == steps ? std::numeric_limits<double>::infinity() : from * ratio;
    rows.push_back({from, times.count_between(begin, end)});
  }
  return rows;
}

std::string bar(double length, bool has_unicode) {
  constexpr std::array<std::string_view, 8> parts{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(std::ceil(length * 8));
  if (!has_unicode) return std::string((eighths + 4) / 8, '#');
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text.append(parts[eighths % 8]);
}

std::string share_text(double share) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), share < 0.001 ? " %.3f %%" : " %.1f %%", share * 100);
  return text.data();
}

// The micro sign has two bytes.
std::string right_aligned(const std::string& text) {
  const auto width =
      text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
  return std::string(label_width - std::min(label_width, width), ' ') + text;
}

}  // namespace

std::string histogram_picture(const load::Histogram& times, const OutputStyle& style) {
  if (times.count() == 0) return {};
  const std::vector<Row> rows = rows_of(times);
  const auto most = std::ranges::max_element(rows, {}, &Row::count)->count;
  const double room = static_cast<double>(style.width - label_width - share_width - 3);
  std::string picture;
  for (const Row& row : rows) {
    picture += right_aligned(time_text(row.from, style.has_unicode));
    picture += style.has_unicode ? " │" : " |";
    if (row.count > 0) {
      const auto count = static_cast<double>(row.count);
      picture += bar(room * count / static_cast<double>(most), style.has_unicode);
      picture += share_text(count / static_cast<double>(times.count()));
    }
    picture += '\n';
  }
  return picture;
}

}  // namespace simws::host
