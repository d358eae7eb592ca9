#include "transport/file_stamp.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace simws::transport {

// The time as the library has it, which is finer than what all systems' `stat` tells alike.
FileStamp FileStamp::of(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return {};
  std::error_code gone;
  const auto changed = std::filesystem::last_write_time(file, gone);
  return {gone ? 0 : changed.time_since_epoch().count(), static_cast<std::uint64_t>(status.st_size),
          static_cast<std::uint64_t>(status.st_ino)};
}

}  // namespace simws::transport
