// For the parser of options: empty, or why the text is no number of the kind that's wanted.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace simws::host {

// Whole numbers in a range, called `what` where the text is none: "'x' is no port: write 0 to
// 65535".
class WholeNumber {
 public:
  WholeNumber(std::string what, std::uint64_t least,
              std::uint64_t most = std::numeric_limits<std::uint64_t>::max())
      : what_(std::move(what)), least_(least), most_(most) {}
  std::string operator()(const std::string& text) const;

 private:
  std::string range() const;

  std::string what_;
  std::uint64_t least_;
  std::uint64_t most_;
};

std::string check_count(const std::string& text);        // from 1 on
std::string check_listen_port(const std::string& text);  // 0 picks a free one
std::string check_seconds(const std::string& text);      // from 0 on, and inf
std::string check_duration(const std::string& text);     // over 0, and inf

// The text's number. REQUIRES: it was checked.
double checked_number(const std::string& text);

}  // namespace simws::host
