// A recording's file as it's read: packed bytes in, entries out. Arithmetic on bytes.
#pragma once

#include "base/bytes.h"
#include "recording/entry.h"
#include "recording/line_reader.h"
#include "recording/packing.h"

#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::recording {

class Decoder {
 public:
  // Takes so much memory for a line, and no more.
  static constexpr std::size_t longest_line = std::size_t{256} << 20;

  explicit Decoder(Packing packing, std::size_t most = longest_line);

  // The next entry, whose texts are valid until the next call. Nothing: more of the file is needed,
  // and `packed`, which shrinks, is empty. Errors (invalid_argument, unavailable) name the line;
  // after one there is nothing more.
  Result<std::optional<Entry>> next(Bytes& packed);
  // The same when the file has ended. Nothing: so has the recording.
  Result<std::optional<Entry>> next_at_end();

  // Once there was an entry, or all was read: the first line.
  const std::optional<Header>& header() const { return header_; }
  // At the end: its last line, or what it's packed in, isn't complete, as after a crash.
  bool was_cut_off() const { return was_cut_off_; }
  // Of the line that was read last, from 1.
  std::uint64_t line() const { return line_; }

 private:
  // The next line in what is unpacked, with its place; nothing: it has none that is complete.
  std::optional<std::string_view> take_line();
  Result<bool> unpack(Bytes& packed);
  Result<std::optional<Entry>> read(std::string_view line);
  static Error named(const Error& error, std::uint64_t line);

  const std::size_t most_;
  std::unique_ptr<Unpacker> unpacker_;  // null: out of memory
  std::string text_;                    // unpacked
  std::size_t begin_ = 0;               // of what isn't read, in it
  std::size_t searched_ = 0;            // from there on, for the line's end
  LineReader reader_;
  std::optional<Header> header_;
  std::uint64_t line_ = 0;
  bool was_cut_off_ = false;
};

}  // namespace simws::recording
