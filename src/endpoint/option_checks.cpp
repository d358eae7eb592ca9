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

Result<void> check_compression(const std::optional<Compression>& compression) {
  if (!compression) return {};
  struct Limits {
    const char* name;
    int value, least, most;
  };
  const Limits limits[] = {{"level", compression->level, 1, 9},
                           {"memory", compression->memory, 1, 9},
                           {"server_window_bits", compression->server_window_bits, 9, 15},
                           {"client_window_bits", compression->client_window_bits, 9, 15}};
  for (const auto& [name, value, least, most] : limits) {
    if (value >= least && value <= most) continue;
    return bad_option(std::string("compression.") + name, "must be " + std::to_string(least) +
                                                              " to " + std::to_string(most) +
                                                              ", not " + std::to_string(value));
  }
  return {};
}

}  // namespace options

Error no_loop() {
  return {ErrorCode::unavailable,
          "the system gave this process no descriptor for an event loop; close files or raise the "
          "limit (ulimit -n)"};
}

}  // namespace simws::endpoint
