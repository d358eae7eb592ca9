#ifndef _WIN32

#include "transport/files.h"
#include "transport/socket.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__linux__) && __has_include(<linux/openat2.h>)
#include <linux/openat2.h>
#include <sys/syscall.h>
#define SIMWS_HAS_OPENAT2
#endif

#include <cerrno>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <system_error>

namespace simws::transport {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  Descriptor(Descriptor&& other) noexcept : descriptor_(other.release()) {}
  Descriptor& operator=(Descriptor other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~Descriptor() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }
  bool is_open() const { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

// A pipe without a writer, or a terminal, is opened at once, and nothing comes of it.
constexpr int open_flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
#ifdef O_PATH
constexpr int pass_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
#else
constexpr int pass_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
#endif

Error failure(int error) {
  if (lacks_descriptors(error) || error == ENOMEM) return {ErrorCode::unavailable, words(error)};
  switch (error) {
    case EACCES:
      return {ErrorCode::permission_denied, words(error)};
    case EINVAL:
    case ELOOP:
    case ENAMETOOLONG:
    case ENODEV:
    case ENOENT:
    case ENOTDIR:
    case ENXIO:
    case EPERM:
    case EXDEV:
      return {ErrorCode::invalid_argument, words(error)};
    default:
      return {ErrorCode::io, words(error)};
  }
}

#ifdef SIMWS_HAS_OPENAT2

// Negative: see errno.
int open_resolving(int at, const char* path, int flags, std::uint64_t resolve) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(static_cast<unsigned>(flags));
  how.resolve = resolve;
  return static_cast<int>(::syscall(SYS_openat2, at, path, &how, sizeof how));
}

// What the system can't judge by itself: it has no such call (a sandbox may say EPERM), the link is
// an absolute one, or folders were renamed on the way.
bool must_walk(int error) {
  return error == ENOSYS || error == EPERM || error == EXDEV || error == EAGAIN;
}

int open_folder(const std::string& folder) {
  const int opened = open_resolving(AT_FDCWD, folder.c_str(), pass_flags, RESOLVE_NO_SYMLINKS);
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return opened;
  return ::open(folder.c_str(), pass_flags | O_NOFOLLOW);
}

int open_at_once(int folder, const std::string& path) {
  return open_resolving(folder, path.c_str(), open_flags, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
}

#else

bool must_walk(int) {
  return true;
}

int open_folder(const std::string& folder) {
  return ::open(folder.c_str(), pass_flags | O_NOFOLLOW);
}

int open_at_once(int, const std::string&) {
  return -1;
}

#endif

// The path that leads there without links, relative to the folder. Error: it isn't there, or
// elsewhere.
Result<fs::path> without_links(const fs::path& folder, const std::string& path) {
  std::error_code error;
  const fs::path target = fs::canonical(folder / path, error);
  if (error) return failure(error.value());
  fs::path relative = target.lexically_relative(folder);
  if (relative.empty() || *relative.begin() == "..") return failure(ENOENT);
  return relative;
}

// What is exchanged for a link meanwhile isn't opened.
Descriptor walk(Descriptor folder, const fs::path& relative) {
  Descriptor at = std::move(folder);
  for (auto name = relative.begin(); at.is_open() && name != relative.end(); ++name) {
    const bool is_last = std::next(name) == relative.end();
    at = Descriptor(
        ::openat(at.get(), name->c_str(), (is_last ? open_flags : pass_flags) | O_NOFOLLOW));
  }
  return at;
}

std::string joined(std::span<const std::string> names) {
  std::string path = names.empty() ? "." : "";
  for (const std::string& name : names) path.append(path.empty() ? "" : "/").append(name);
  return path;
}

Result<Descriptor> open_descriptor(const std::string& folder, std::span<const std::string> names) {
  const std::string path = joined(names);
  Descriptor root(open_folder(folder));
  if (!root.is_open()) return failure(errno);
  Descriptor opened(open_at_once(root.get(), path));
  if (!opened.is_open() && must_walk(errno)) {
    auto relative = without_links(folder, path);
    if (!relative) return std::move(relative).error();
    opened = walk(std::move(root), *relative);
  }
  if (!opened.is_open()) return failure(errno);
  return opened;
}

FileStatus to_status(const struct stat& status) {
#ifdef __APPLE__
  const timespec modified = status.st_mtimespec;
#else
  const timespec modified = status.st_mtim;
#endif
  const FileKind kind = S_ISREG(status.st_mode)   ? FileKind::file
                        : S_ISDIR(status.st_mode) ? FileKind::folder
                                                  : FileKind::other;
  return {kind, static_cast<std::uint64_t>(status.st_size),
          static_cast<std::int64_t>(modified.tv_sec), static_cast<std::uint32_t>(modified.tv_nsec),
          static_cast<std::uint64_t>(status.st_ino)};
}

// Of a name in an opened folder; of a link nothing.
std::optional<FileStatus> status_of(int folder, const char* name) {
  struct stat status {};
  if (::fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || S_ISLNK(status.st_mode)) {
    return std::nullopt;
  }
  return to_status(status);
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

}  // namespace

OpenedFile::~OpenedFile() {
  if (handle_ != none) ::close(static_cast<int>(handle_));
}

Result<void> OpenedFile::look() {
  struct stat status {};
  if (::fstat(static_cast<int>(handle_), &status) != 0) return failure(errno);
  status_ = to_status(status);
  return {};
}

Result<std::size_t> OpenedFile::read(std::uint64_t offset, MutableBytes room) const {
  std::size_t filled = 0;
  while (filled < room.size()) {
    const ssize_t got = ::pread(static_cast<int>(handle_), room.data() + filled,
                                room.size() - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  return filled;
}

Result<std::string> find_folder(const std::string& path) {
  std::error_code error;
  const bool is_path = path.find('\0') == path.npos;
  const fs::path found = is_path ? fs::canonical(path, error) : fs::path();
  if (error || !fs::is_directory(found, error)) {
    return Error{ErrorCode::invalid_argument, "there is no folder '" + path + "'"};
  }
  if (::access(found.c_str(), R_OK | X_OK) != 0) {
    return Error{ErrorCode::permission_denied,
                 "the folder '" + path + "' can't be read: " + words(errno)};
  }
  return found.string();
}

Result<OpenedFile> open_beneath(const std::string& folder, std::span<const std::string> names) {
  auto opened = open_descriptor(folder, names);
  if (!opened) return std::move(opened).error();
  OpenedFile file(opened->release());
  if (auto looked = file.look(); !looked) return std::move(looked).error();
  return file;
}

Result<std::vector<FolderEntry>> list_beneath(const std::string& folder,
                                              std::span<const std::string> names,
                                              std::size_t most) {
  auto opened = open_descriptor(folder, names);
  if (!opened) return std::move(opened).error();
  const std::unique_ptr<DIR, CloseFolder> list(::fdopendir(opened->get()));
  if (!list) return failure(errno);
  const int at = opened->release();
  std::vector<std::string> path(names.begin(), names.end());
  path.emplace_back();
  std::vector<FolderEntry> entries;
  while (const dirent* const entry = entries.size() < most ? ::readdir(list.get()) : nullptr) {
    path.back() = entry->d_name;
    if (path.back() == "." || path.back() == "..") continue;
    auto status = status_of(at, entry->d_name);
    if (!status) {
      if (const auto target = open_beneath(folder, path)) status = target->status();
    }
    if (status && status->kind != FileKind::other) {
      entries.push_back({std::move(path.back()), *status});
    }
  }
  return entries;
}

}  // namespace simws::transport

#endif
