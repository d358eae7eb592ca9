#include "endpoint/option_checks.h"

#include <string>

namespace simws::endpoint {

namespace {

constexpr Seconds longest_time{1e9};

}  // namespace

namespace options {

Error bad_option(std::string_view name, std::string_view rule) {
  return {ErrorCode::invalid_argument, std::string(name).append(" ").append(rule)};
}

Result<void> check_time(std::string_view name, Seconds time) {
  if (time > Seconds{0} && time <= longest_time) return {};
  return bad_option(name,
                    "must be over 0 and at most 1e9 seconds, not " + std::to_string(time.count()));
}

Result<void> check_interval(std::string_view name, Seconds interval) {
  if (interval >= Seconds{0} && interval <= longest_time) return {};
  return bad_option(name,
                    "must be 0 (off) to 1e9 seconds, not " + std::to_string(interval.count()));
}

Result<void> check_size(std::string_view name, std::size_t size) {
  if (size > 0) return {};
  return bad_option(name, "must be over 0");
}

}  // namespace options

Error no_loop() {
  return {ErrorCode::unavailable,
          "the system gave this process no descriptor for an event loop; close files or raise the "
          "limit (ulimit -n)"};
}

}  // namespace simws::endpoint
