#include "host/commands/opened_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace simws::host {

namespace {

namespace fs = std::filesystem;

// The path that `names` lead to, relative to the root, without links. Nothing: it isn't there, or
// not below the root.
std::optional<fs::path> without_links(const fs::path& root, const std::vector<std::string>& names) {
  fs::path path = root;
  for (const std::string& name : names) path /= name;
  std::error_code error;
  const fs::path target = fs::canonical(path, error);
  if (error) return std::nullopt;
  fs::path relative = target.lexically_relative(root);
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  return relative;
}

// A pipe without a writer is opened at once too.
constexpr int open_flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;

}  // namespace

std::optional<OpenedFile> OpenedFile::below(const fs::path& root,
                                            const std::vector<std::string>& names) {
  const auto relative = without_links(root, names);
  if (!relative) return std::nullopt;
  OpenedFile file(::open(root.c_str(), open_flags | O_DIRECTORY));
  for (const fs::path& name : *relative) {
    file = OpenedFile(openat(file.descriptor_, name.c_str(), open_flags));
  }
  if (file.descriptor_ < 0 || fstat(file.descriptor_, &file.status_) != 0) return std::nullopt;
  return file;
}

OpenedFile::~OpenedFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<std::string> OpenedFile::read() const {
  std::string content(size(), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::read(descriptor_, content.data() + filled, content.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  content.resize(filled);
  return content;
}

}  // namespace simws::host
