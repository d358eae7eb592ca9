// Files beneath a folder, and nothing outside of it, whatever links there are or come meanwhile.
//
// All of it may wait for a disk, or for a network: it's no work for a loop's thread. Folders are
// named by their absolute path without links, names are those of the folders on the way, and of the
// file. No name may have a separator.
#pragma once

#include "base/bytes.h"

#include <simws/result.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace simws::transport {

enum class FileKind : std::uint8_t { file, folder, other };

struct FileStatus {
  FileKind kind = FileKind::other;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // in seconds of the system's clock
  std::uint32_t modified_nanoseconds = 0;
  std::uint64_t number = 0;  // of this file among those of its disk
};

// Holds one descriptor. Belongs to one thread at a time.
class OpenedFile {
 public:
  OpenedFile(OpenedFile&& other) noexcept
      : handle_(std::exchange(other.handle_, none)), status_(other.status_) {}
  OpenedFile& operator=(OpenedFile other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(status_, other.status_);
    return *this;
  }
  ~OpenedFile();

  // When it was opened.
  const FileStatus& status() const { return status_; }

  // Fills `room` with what begins at `offset`. Returns how much that is: less where the file ends.
  Result<std::size_t> read(std::uint64_t offset, MutableBytes room) const;

 private:
  friend Result<OpenedFile> open_beneath(const std::string& folder,
                                         std::span<const std::string> names);
  static constexpr std::intptr_t none = -1;

  explicit OpenedFile(std::intptr_t handle) : handle_(handle) {}
  Result<void> look();

  std::intptr_t handle_;
  FileStatus status_;
};

// As the functions below want it. Error: there's no such folder, or it may not be read.
Result<std::string> find_folder(const std::string& path);

// A file or a folder; without names, `folder` itself. Follows links that stay beneath it. A pipe is
// opened at once. Errors: invalid_argument (there's none, or it lies elsewhere), permission_denied,
// unavailable (out of descriptors or memory), io.
Result<OpenedFile> open_beneath(const std::string& folder, std::span<const std::string> names);

struct FolderEntry {
  std::string name;
  FileStatus status;  // of what a link leads to
};

// Files and folders in one, in no order, `most` at the most. Errors as above.
Result<std::vector<FolderEntry>> list_beneath(const std::string& folder,
                                              std::span<const std::string> names, std::size_t most);

}  // namespace simws::transport
