// When a message was made, as it says itself.
#pragma once

#include <optional>
#include <string_view>

namespace simws::load {

// A point of time: of the system's clock, which all machines have (since 1970), or of one that
// only this machine's programs share (CLOCK_MONOTONIC).
struct Stamp {
  double seconds = 0;
  bool is_monotonic = false;
};

// What a text begins with: nanoseconds of either clock (those of the system's are more than 10^18
// since 2001), or seconds since 1970 with a point in them. Nothing: no such number.
std::optional<Stamp> stamp_of(std::string_view text);

// The header line of a message by simws.topics.1, and what it says.
struct TopicsHeader {
  enum class Kind { other, message, mark };
  Kind kind = Kind::other;
  Stamp stamp;            // of a message that is here as a whole
  std::string_view mark;  // its number
};
TopicsHeader topics_header_of(std::string_view message);

// How old it is, by the clock that it was made by.
double age_of(const Stamp& stamp);

}  // namespace simws::load
