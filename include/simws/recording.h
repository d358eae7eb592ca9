// What a server sends and receives, in a file: docs/recording.md says how it lies there.
#pragma once

#include <simws/result.h>

#include <cstdint>
#include <memory>
#include <string>

namespace simws {

namespace recording {
class OutputFile;
}

// A file that can be written to.
class RecordingFile {
 public:
  // In place of one that is there; ".gz" or ".zst" at the end of its name compresses it. Waits for
  // the disk; from any thread. Errors (permission_denied, unavailable, io) name file and cause.
  static Result<RecordingFile> create(const std::string& path);

  RecordingFile(RecordingFile&& other) noexcept;
  RecordingFile& operator=(RecordingFile&& other) noexcept;
  ~RecordingFile();

  // For this library's servers, once.
  std::unique_ptr<recording::OutputFile> take() &&;

 private:
  explicit RecordingFile(std::unique_ptr<recording::OutputFile> file);

  std::unique_ptr<recording::OutputFile> file_;
};

struct RecordingInfo {
  std::string file;
  std::uint64_t lines = 0;     // messages, opens and closes that were handed to the file
  std::uint64_t left_out = 0;  // of these there would have been more: it didn't keep up
  std::string error;           // why it has ended by itself; empty: it hasn't
};

}  // namespace simws
