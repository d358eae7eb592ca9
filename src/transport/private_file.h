// Files that appear as a whole or not at all, some of which only their owner may read.
//
// Errors are one sentence that names the file: io, permission_denied.
#pragma once

#include <simws/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace simws::transport {

enum class FileReaders : std::uint8_t { owner, all };

// With the folders above it; those that are made are their owner's alone.
Result<void> make_folder(const std::string& path);
// In the place of the one before.
Result<void> replace_file(const std::string& path, std::string_view text, FileReaders readers);
// False: there's one already, which stays.
Result<bool> create_file(const std::string& path, std::string_view text, FileReaders readers);

}  // namespace simws::transport
