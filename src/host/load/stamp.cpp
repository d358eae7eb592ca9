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

// Where a list's first item ends: at its comma or, of the last one, at the list's end.
std::size_t end_of_item(std::string_view items) {
  bool in_text = false;
  for (std::size_t at = 0; at < items.size(); ++at) {
    if (items[at] == '"') in_text = !in_text;
    if (items[at] == '\\' && in_text) ++at;
    if (items[at] == ',' && !in_text) return at;
  }
  return items.size();
}

// The first item of a list, which is cut off it.
std::string_view take_item(std::string_view& items) {
  const std::size_t end = end_of_item(items);
  const std::string_view item = items.substr(0, end);
  items = items.substr(std::min(end + 1, items.size()));
  return item.substr(std::min(item.find_first_not_of(' '), item.size()));
}

TopicsHeader header_of(const std::optional<double>& milliseconds) {
  if (!milliseconds) return {};
  return {TopicsHeader::Kind::message, {*milliseconds * 1e-3, false}, {}};
}

// What stands behind is a later version's.
TopicsHeader message_header(std::string_view items) {
  take_item(items);  // the topic
  take_item(items);  // the key
  return header_of(number_of(take_item(items)));
}

TopicsHeader part_header(std::string_view items) {
  take_item(items);
  take_item(items);
  const auto milliseconds = number_of(take_item(items));
  const auto index = number_of(take_item(items));
  const auto count = number_of(take_item(items));
  if (!count || !index || *index + 1 < *count) return {};  // the last part makes it whole
  return header_of(milliseconds);
}

TopicsHeader mark_header(std::string_view items) {
  const std::string_view number = take_item(items);
  return number.empty() ? TopicsHeader{} : TopicsHeader{TopicsHeader::Kind::mark, {}, number};
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
  const std::string_view word = take_item(line);
  if (word == "\"message\"") return message_header(line);
  if (word == "\"part\"") return part_header(line);
  if (word == "\"mark\"") return mark_header(line);
  return {};
}

double age_of(const Stamp& stamp) {
  return read(stamp.is_monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME) - stamp.seconds;
}

}  // namespace simws::load
