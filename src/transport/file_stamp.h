// Whether a file was replaced or changed, without reading it.
#pragma once

#include <cstdint>
#include <string>

namespace simws::transport {

// Of a file that isn't there, the same each time.
struct FileStamp {
  std::int64_t changed = 0;
  std::uint64_t size = 0;
  std::uint64_t inode = 0;

  static FileStamp of(const std::string& file);
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

}  // namespace simws::transport
