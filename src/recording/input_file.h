// A file that a recording is read from.
#pragma once

#include "recording/decoder.h"

#include <simws/result.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simws::recording {

// Reads it bit by bit, in memory that doesn't grow with it. Each function may wait for a disk.
// Belongs to one thread at a time. Errors are one sentence that names the file, and the line.
class InputFile {
 public:
  // With its header.
  static Result<std::unique_ptr<InputFile>> open(const std::string& path);

  // Texts are valid until the next call. Nothing: it has ended.
  Result<std::optional<Entry>> next();
  // From the first entry again.
  Result<void> rewind();

  const std::string& path() const { return path_; }
  const Header& header() const { return *decoder_->header(); }
  // See Decoder.
  bool was_cut_off() const { return decoder_->was_cut_off(); }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  explicit InputFile(std::string path) : path_(std::move(path)) {}
  Result<std::optional<Entry>> read_next();
  Result<std::size_t> read();

  const std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<std::byte> room_;
  Bytes read_;  // and not decoded yet
  std::unique_ptr<Decoder> decoder_;
  std::optional<Result<std::optional<Entry>>> first_;  // read with the header
};

}  // namespace simws::recording
