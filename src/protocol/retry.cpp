#include "protocol/retry.h"

#include "protocol/http/date.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace simws::protocol {

namespace {

using Seconds = std::chrono::duration<double>;
using std::chrono::seconds;

// As long as a clock counts nanoseconds of it without loss.
constexpr double longest = 1e6;

std::string text_of(double number) {
  std::array<char, 32> text;
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::string(text.data(), end) : "?";
}

Error bad_option(std::string_view name, double value, std::string_view expected) {
  std::string message = "option reconnect: ";
  message.append(name).append(" is ").append(text_of(value)).append(": use ").append(expected);
  return {ErrorCode::invalid_argument, std::move(message)};
}

// False for what isn't a number, too.
bool is_between(double value, double least, double most) {
  return value >= least && value <= most;
}

}  // namespace

bool is_retried(const AttemptFailure& failure) {
  switch (failure.kind) {
    case FailureKind::network:
    case FailureKind::timeout:
      return true;
    case FailureKind::status:
      return failure.status == 408 || failure.status == 429 || failure.status >= 500;
    case FailureKind::certificate:
    case FailureKind::answer:
    case FailureKind::redirect:
      break;
  }
  return false;
}

bool is_retried(CloseCode code) {
  const auto number = static_cast<int>(code);
  return number == 1001 || number == 1005 || number == 1006 || (number >= 1011 && number <= 1014);
}

std::optional<seconds> parse_retry_after(std::string_view value, std::time_t now) {
  constexpr std::size_t most_digits = 9;  // more wouldn't count
  if (!value.empty() && std::ranges::all_of(value, http::is_digit)) {
    value.remove_prefix(std::min(value.find_first_not_of('0'), value.size()));
    if (value.size() > most_digits) return seconds(999'999'999);
    std::int64_t count = 0;
    std::from_chars(value.data(), value.data() + value.size(), count);
    return seconds(count);
  }
  const auto date = http::parse_date(value);
  if (!date) return std::nullopt;
  return seconds(std::max<std::int64_t>(0, std::int64_t{*date} - std::int64_t{now}));
}

Result<void> check_retry_options(const RetryOptions& options) {
  if (!is_between(options.initial, 0.001, longest)) {
    return bad_option("initial", options.initial, "seconds from 0.001 to 1000000");
  }
  if (!is_between(options.max, options.initial, longest)) {
    return bad_option("max", options.max, "seconds from initial to 1000000");
  }
  if (!is_between(options.factor, 1, 1000)) {
    return bad_option("factor", options.factor, "a number from 1 to 1000");
  }
  if (!is_between(options.jitter, 0, 1)) {
    return bad_option("jitter", options.jitter, "a number from 0 to 1");
  }
  return {};
}

std::optional<Duration> Backoff::next_delay(std::optional<seconds> retry_after) {
  if (options_.attempts != 0 && attempts_ == options_.attempts) return std::nullopt;
  delay_ = attempts_ == 0 ? options_.initial : std::min(delay_ * options_.factor, options_.max);
  ++attempts_;
  const double jitter = options_.jitter * uniform();
  Seconds delay(delay_ * (1 + jitter));
  if (retry_after && retry_after->count() > 0) {
    const double asked = std::min(static_cast<double>(retry_after->count()), options_.max);
    delay = Seconds(std::max(delay_, asked) * (1 + (options_.jitter + jitter) / 2));
  }
  return std::chrono::duration_cast<Duration>(delay);
}

void Backoff::lost_after(Duration open_time) {
  if (Seconds(open_time).count() >= options_.max) attempts_ = 0;
}

// From -1 to 1.
double Backoff::uniform() {
  std::array<std::byte, 8> bytes;
  random_.fill(bytes);
  std::uint64_t number = 0;
  for (const std::byte byte : bytes) number = number << 8 | std::to_integer<std::uint64_t>(byte);
  return std::ldexp(static_cast<double>(number >> 11), -52) - 1;
}

}  // namespace simws::protocol
