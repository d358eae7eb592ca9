#include "host/commands/number_checks.h"

#include <charconv>
#include <optional>
#include <system_error>

namespace simws::host {

namespace {

// The whole text.
template <typename Number>
std::optional<Number> number_in(const std::string& text) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  return number;
}

}  // namespace

std::string WholeNumber::range() const {
  const std::string least = std::to_string(least_);
  if (most_ == std::numeric_limits<std::uint64_t>::max())
    return "a whole number from " + least + " on";
  return least + " to " + std::to_string(most_);
}

std::string WholeNumber::operator()(const std::string& text) const {
  const auto number = number_in<std::uint64_t>(text);
  if (number && *number >= least_ && *number <= most_) return {};
  return "'" + text + "' is no " + what_ + ": write " + range();
}

std::string check_count(const std::string& text) {
  return WholeNumber("count", 1)(text);
}

std::string check_listen_port(const std::string& text) {
  std::string wrong = WholeNumber("port", 0, 65535)(text);
  return wrong.empty() ? wrong : wrong + "; 0 picks a free one";
}

std::string check_seconds(const std::string& text) {
  const auto seconds = number_in<double>(text);
  if (seconds && *seconds >= 0) return {};
  return "'" + text + "' is no time: write seconds, such as 0.5";
}

std::string check_duration(const std::string& text) {
  const auto seconds = number_in<double>(text);
  if (seconds && *seconds > 0) return {};
  return "'" + text + "' is no time over 0, nor inf: write seconds, such as 0.5";
}

double checked_number(const std::string& text) {
  return number_in<double>(text).value_or(0);
}

}  // namespace simws::host
