#ifdef _WIN32

#include "transport/files.h"
#include "transport/socket.h"

#include <windows.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>

namespace simws::transport {
namespace {

namespace fs = std::filesystem;

fs::path to_path(const std::string& text) {
  return fs::path(std::u8string(text.begin(), text.end()));
}

std::string to_text(const fs::path& path) {
  const std::u8string text = path.u8string();
  return std::string(text.begin(), text.end());
}

Error failure(DWORD error) {
  const int code = static_cast<int>(error);
  switch (error) {
    case ERROR_ACCESS_DENIED:
      return {ErrorCode::permission_denied, words(code)};
    case ERROR_BAD_PATHNAME:
    case ERROR_CANT_RESOLVE_FILENAME:
    case ERROR_DIRECTORY:
    case ERROR_FILE_NOT_FOUND:
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_INVALID_NAME:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_SHARING_VIOLATION:
      return {ErrorCode::invalid_argument, words(code)};
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_TOO_MANY_OPEN_FILES:
      return {ErrorCode::unavailable, words(code)};
    default:
      return {ErrorCode::io, words(code)};
  }
}

HANDLE to_handle(std::intptr_t handle) {
  return reinterpret_cast<HANDLE>(handle);
}

// Folders are opened too; others may change, replace and remove it meanwhile.
HANDLE open(const fs::path& path, DWORD flags = 0) {
  constexpr DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  return ::CreateFileW(path.c_str(), GENERIC_READ, shared, nullptr, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS | flags, nullptr);
}

// Where an opened file lies, without links.
std::optional<fs::path> place_of(HANDLE handle) {
  std::wstring text(512, L'\0');
  for (;;) {
    const DWORD size =
        ::GetFinalPathNameByHandleW(handle, text.data(), static_cast<DWORD>(text.size()), 0);
    if (size == 0) return std::nullopt;
    const bool is_whole = size < text.size();
    text.resize(size);
    if (is_whole) return fs::path(text);
  }
}

bool lies_beneath(const fs::path& folder, const fs::path& path) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

FileStatus to_status(const BY_HANDLE_FILE_INFORMATION& info) {
  constexpr std::int64_t ticks_per_second = 10'000'000;  // of 100 ns, from the year 1601 on
  constexpr std::int64_t seconds_to_1970 = 11'644'473'600;
  const auto joined = [](DWORD high, DWORD low) { return (std::uint64_t{high} << 32) | low; };
  const auto ticks = static_cast<std::int64_t>(
      joined(info.ftLastWriteTime.dwHighDateTime, info.ftLastWriteTime.dwLowDateTime));
  const bool is_folder = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
  const bool is_other = (info.dwFileAttributes & FILE_ATTRIBUTE_DEVICE) != 0;
  return {is_folder  ? FileKind::folder
          : is_other ? FileKind::other
                     : FileKind::file,
          joined(info.nFileSizeHigh, info.nFileSizeLow), ticks / ticks_per_second - seconds_to_1970,
          static_cast<std::uint32_t>(ticks % ticks_per_second * 100),
          joined(info.nFileIndexHigh, info.nFileIndexLow)};
}

}  // namespace

OpenedFile::~OpenedFile() {
  if (handle_ != none) ::CloseHandle(to_handle(handle_));
}

Result<void> OpenedFile::look() {
  if (::GetFileType(to_handle(handle_)) != FILE_TYPE_DISK) return {};
  BY_HANDLE_FILE_INFORMATION info{};
  if (::GetFileInformationByHandle(to_handle(handle_), &info) == 0) {
    return failure(::GetLastError());
  }
  status_ = to_status(info);
  return {};
}

Result<std::size_t> OpenedFile::read(std::uint64_t offset, MutableBytes room) const {
  std::size_t filled = 0;
  while (filled < room.size()) {
    const std::uint64_t at = offset + filled;
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(at);
    place.OffsetHigh = static_cast<DWORD>(at >> 32);
    const auto most = static_cast<DWORD>(
        std::min<std::size_t>(room.size() - filled, std::numeric_limits<DWORD>::max()));
    DWORD got = 0;
    if (::ReadFile(to_handle(handle_), room.data() + filled, most, &got, &place) == 0) {
      if (::GetLastError() != ERROR_HANDLE_EOF) return failure(::GetLastError());
    }
    if (got == 0) break;
    filled += got;
  }
  return filled;
}

Result<std::string> find_folder(const std::string& path) {
  std::error_code error;
  const fs::path found = fs::canonical(to_path(path), error);
  if (error || !fs::is_directory(found, error)) {
    return Error{ErrorCode::invalid_argument, "there is no folder '" + path + "'"};
  }
  return to_text(found);
}

// What was opened is asked where it lies, so no link leads out, whenever it was made. A folder in
// whose place a link has come lies beside what that leads to.
Result<OpenedFile> open_beneath(const std::string& folder, std::span<const std::string> names) {
  const HANDLE root = open(to_path(folder), FILE_FLAG_OPEN_REPARSE_POINT);
  if (root == INVALID_HANDLE_VALUE) return failure(::GetLastError());
  const OpenedFile root_file(reinterpret_cast<std::intptr_t>(root));
  fs::path path = to_path(folder);
  for (const std::string& name : names) path /= to_path(name);
  const HANDLE handle = open(path);
  if (handle == INVALID_HANDLE_VALUE) return failure(::GetLastError());
  OpenedFile file(reinterpret_cast<std::intptr_t>(handle));
  const auto place_of_root = place_of(root), place = place_of(handle);
  if (!place_of_root || !place || !lies_beneath(*place_of_root, *place)) {
    return failure(ERROR_FILE_NOT_FOUND);
  }
  if (auto looked = file.look(); !looked) return std::move(looked).error();
  return file;
}

Result<std::vector<FolderEntry>> list_beneath(const std::string& folder,
                                              std::span<const std::string> names,
                                              std::size_t most) {
  if (const auto opened = open_beneath(folder, names); !opened) return opened.error();
  fs::path path = to_path(folder);
  for (const std::string& name : names) path /= to_path(name);
  std::vector<std::string> entry_names(names.begin(), names.end());
  entry_names.emplace_back();
  std::vector<FolderEntry> entries;
  std::error_code error;
  for (fs::directory_iterator at(path, error), end; !error && at != end && entries.size() < most;
       at.increment(error)) {
    entry_names.back() = to_text(at->path().filename());
    const auto opened = open_beneath(folder, entry_names);
    if (opened && opened->status().kind != FileKind::other) {
      entries.push_back({entry_names.back(), opened->status()});
    }
  }
  return entries;
}

}  // namespace simws::transport

#endif
