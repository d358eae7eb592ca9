// A file that a recording is written to.
#pragma once

#include "recording/packing.h"

#include <simws/result.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace simws::recording {

// Each function may wait for a disk, or for a network. Belongs to one thread at a time. Errors are
// one sentence that names the file: permission_denied, unavailable, io; after one of writing,
// nothing more is written.
class OutputFile {
 public:
  // In place of one that is there, whose readers and writers keep it; but for links and devices,
  // which are written to. Packed as its name says.
  static Result<std::unique_ptr<OutputFile>> create(const std::string& path);
  // Standard output, which stays open; not packed.
  static std::unique_ptr<OutputFile> standard_output();

  // As by `finish`.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::string& name() const { return name_; }
  // Packed, it may wait for more to be packed with.
  Result<void> write(std::string_view text);
  // What was written can be read.
  Result<void> flush();
  // Nothing more is written.
  Result<void> finish();
  // Something was written since the last flush, and can't be read yet.
  bool needs_flush() const { return needs_flush_; }
  // Of the file, so far.
  std::uint64_t size() const { return size_; }

 private:
  OutputFile(std::string name, std::FILE* file, bool is_own, std::unique_ptr<Packer> packer);
  Result<void> put(std::string_view text, Packer::Then then);
  Error problem(int error) const;

  const std::string name_;
  std::FILE* file_;  // null: finished, or failed
  const bool is_own_;
  const std::unique_ptr<Packer> packer_;
  std::string packed_;
  std::uint64_t size_ = 0;
  bool is_packed_ = false;
  bool needs_flush_ = false;
};

}  // namespace simws::recording
