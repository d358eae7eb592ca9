// A file or folder below another one, and nowhere else.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace simws::host {

class OpenedFile {
 public:
  // Follows links as long as they stay below `root`, which has none itself. What is exchanged for
  // a link meanwhile isn't opened. Nothing: there is none, it may not be read, or it lies
  // elsewhere.
  static std::optional<OpenedFile> below(const std::filesystem::path& root,
                                         const std::vector<std::string>& names);
  OpenedFile(OpenedFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), status_(other.status_) {}
  OpenedFile& operator=(OpenedFile other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(status_, other.status_);
    return *this;
  }
  ~OpenedFile();

  bool is_folder() const { return S_ISDIR(status_.st_mode); }
  bool is_file() const { return S_ISREG(status_.st_mode); }
  std::size_t size() const { return static_cast<std::size_t>(status_.st_size); }
  timespec modified() const { return status_.st_mtim; }

  // The content, `size()` bytes of it; less when the file has shrunk. Nothing: it can't be read.
  std::optional<std::string> read() const;

 private:
  explicit OpenedFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  struct stat status_ {};
};

}  // namespace simws::host
