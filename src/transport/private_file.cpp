#include "transport/private_file.h"

#include "base/random.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace simws::transport {

namespace {

namespace fs = std::filesystem;

Error problem(const std::string& path, const std::error_code& error) {
  const bool is_denied = error == std::errc::permission_denied ||
                         error == std::errc::operation_not_permitted ||
                         error == std::errc::read_only_file_system;
  return {is_denied ? ErrorCode::permission_denied : ErrorCode::io,
          "'" + path + "' can't be written: " + error.message()};
}

Error problem(const std::string& path) {
  return problem(path, std::error_code(errno, std::generic_category()));
}

#ifdef _WIN32
int open_new(const char* path, FileReaders) {
  return _open(path, _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY, _S_IREAD | _S_IWRITE);
}
auto write_some(int file, const char* data, std::size_t size) {
  return _write(file, data, static_cast<unsigned int>(size));
}
int flush(int file) {
  return _commit(file);
}
int close_file(int file) {
  return _close(file);
}
#else
int open_new(const char* path, FileReaders readers) {
  const mode_t mode = readers == FileReaders::all ? 0644 : 0600;
  return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
}
auto write_some(int file, const char* data, std::size_t size) {
  return ::write(file, data, size);
}
int flush(int file) {
  return ::fsync(file);
}
int close_file(int file) {
  return ::close(file);
}
#endif

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = write_some(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return flush(file) == 0;
}

// Beside the file that it's to become.
std::string temporary_name(const std::string& path) {
  std::array<std::byte, 8> bytes;
  SystemRandom().fill(bytes);
  std::string name = path + ".";
  for (const std::byte byte : bytes) {
    name += static_cast<char>('a' + std::to_integer<int>(byte) % 26);
  }
  return name;
}

// Gone when this is, unless it was renamed.
struct Temporary {
  explicit Temporary(const std::string& target) : path(temporary_name(target)) {}
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path, ignored);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  const std::string path;
};

Result<void> write(const std::string& path, std::string_view text, FileReaders readers) {
  const int file = open_new(path.c_str(), readers);
  if (file < 0) return problem(path);
  const bool is_written = write_all(file, text);
  const int error = errno;
  if (close_file(file) == 0 && is_written) return {};
  if (!is_written) errno = error;
  return problem(path);
}

}  // namespace

Result<void> make_folder(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return {};
  const fs::path above = fs::path(path).parent_path();
  if (!above.empty() && above != fs::path(path)) {
    if (auto made = make_folder(above.string()); !made) return made;
  }
#ifdef _WIN32
  fs::create_directory(path, error);
  if (error) return problem(path, error);
#else
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return problem(path);
#endif
  return {};
}

Result<void> replace_file(const std::string& path, std::string_view text, FileReaders readers) {
  const Temporary temporary(path);
  if (auto written = write(temporary.path, text, readers); !written) return written;
  std::error_code error;
  fs::rename(temporary.path, path, error);
  if (error) return problem(path, error);
  return {};
}

Result<bool> create_file(const std::string& path, std::string_view text, FileReaders readers) {
  const Temporary temporary(path);
  if (auto written = write(temporary.path, text, readers); !written) {
    return std::move(written).error();
  }
  std::error_code error;
  fs::create_hard_link(temporary.path, path, error);
  if (!error) return true;
  if (error == std::errc::file_exists || fs::exists(path)) return false;
  // A file system without hard links.
  fs::rename(temporary.path, path, error);
  if (error) return problem(path, error);
  return true;
}

}  // namespace simws::transport
