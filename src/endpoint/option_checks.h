// What the options of servers and clients may be.
#pragma once

#include <simws/options.h>
#include <simws/result.h>

#include <cstddef>
#include <optional>
#include <string_view>

namespace simws::endpoint {

namespace options {

Error bad_option(std::string_view name, std::string_view rule);
// Over 0 and at most 1e9 seconds; an interval may be 0.
Result<void> check_time(std::string_view name, Seconds time);
Result<void> check_interval(std::string_view name, Seconds interval);
// Over 0.
Result<void> check_size(std::string_view name, std::size_t size);
Result<void> check_compression(const std::optional<Compression>& compression);

}  // namespace options

// The event loop has none behind it.
Error no_loop();

}  // namespace simws::endpoint
