#include "host/load/stamp.h"

#include <algorithm>
#include <charconv>
#include <ctime>

namespace simws::load {
namespace {

constexpr std::size_t least_digits = 10;  // fewer are no time
constexpr double since_2001 = 1e18;       // nanoseconds

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [rest, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || rest != text.data() + text.size()) return std::nullopt;
  return value;
}

// How many there are from a place on.
std::size_t digits_at(std::string_view text, std::size_t from) {
  return std::min(text.find_first_not_of("0123456789", from), text.size()) - from;
}

double read(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The last item of a list, which is cut off it.
std::string_view take_last(std::string_view& items) {
  const std::size_t comma = items.rfind(',');
  if (comma == items.npos) return {};
  const std::string_view item = items.substr(comma + 1);
  items = items.substr(0, comma);
  return item.substr(std::min(item.find_first_not_of(' '), item.size()));
}

// Topic and key may hold commas; what stands behind them are numbers.
TopicsHeader message_header(std::string_view items) {
  const auto milliseconds = number_of(take_last(items));
  if (!milliseconds) return {};
  return {TopicsHeader::Kind::message, {*milliseconds * 1e-3, false}, {}};
}

TopicsHeader part_header(std::string_view items) {
  const auto count = number_of(take_last(items));
  const auto index = number_of(take_last(items));
  if (!count || !index || *index + 1 < *count) return {};  // the last part makes it whole
  return message_header(items);
}

TopicsHeader mark_header(std::string_view items) {
  const std::size_t comma = items.find(',');
  if (comma == items.npos) return {};
  const std::string_view number = items.substr(comma + 1);
  return {TopicsHeader::Kind::mark, {}, number.substr(0, number.find(','))};
}

}  // namespace

std::optional<Stamp> stamp_of(std::string_view text) {
  const std::size_t digits = digits_at(text, 0);
  if (digits < least_digits) return std::nullopt;
  const bool has_point = digits < text.size() && text[digits] == '.';
  const std::size_t behind = has_point ? digits_at(text, digits + 1) : 0;
  if (behind > 0) return Stamp{*number_of(text.substr(0, digits + 1 + behind)), false};
  const double value = *number_of(text.substr(0, digits));
  return Stamp{value * 1e-9, value < since_2001};
}

TopicsHeader topics_header_of(std::string_view message) {
  std::string_view line = message.substr(0, message.find('\n'));
  if (!line.starts_with('[') || !line.ends_with(']')) return {};
  line = line.substr(1, line.size() - 2);
  if (line.starts_with("\"message\"")) return message_header(line);
  if (line.starts_with("\"part\"")) return part_header(line);
  if (line.starts_with("\"mark\"")) return mark_header(line);
  return {};
}

double age_of(const Stamp& stamp) {
  return read(stamp.is_monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME) - stamp.seconds;
}

}  // namespace simws::load
