// Lines of a recording as they are read.
#pragma once

#include "recording/entry.h"

#include <simws/result.h>

#include <optional>
#include <string>
#include <string_view>

namespace simws::recording {

// What the texts of an entry were read into.
struct EntryTexts {
  std::string data;
  std::string topic;
  std::string key;
  std::string words;  // an address or a reason
};

// Members that it doesn't know are passed over. Errors say what is wrong and what to do, in a
// sentence that goes on after "line 7".
class LineReader {
 public:
  Result<Header> read_header(std::string_view line) const;
  // Texts lie here until the next call. Nothing: a line of a kind that came later than this
  // version, or an empty one.
  Result<std::optional<Entry>> read(std::string_view line);

 private:
  EntryTexts texts_;
  std::uint64_t latest_ = 0;  // the time of the line before
};

}  // namespace simws::recording
