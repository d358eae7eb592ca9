#include "host/commands/line_history.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace simws::host {

namespace {

namespace fs = std::filesystem;

// The folders above it too, as their specification wants them (XDG base directories).
bool make_folder(const fs::path& folder) {
  std::error_code error;
  if (folder.empty() || fs::is_directory(folder, error)) return true;
  return make_folder(folder.parent_path()) && mkdir(folder.c_str(), S_IRWXU) == 0;
}

// In one write, so that lines of two programs don't mix.
bool write_to(const fs::path& file, int flags, std::string_view text) {
  const int descriptor =
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, S_IRUSR | S_IWUSR);
  if (descriptor < 0) return false;
  const ssize_t written = ::write(descriptor, text.data(), text.size());
  ::close(descriptor);
  return written == static_cast<ssize_t>(text.size());
}

// An absolute path in the environment.
std::optional<fs::path> folder_of_environment(const char* name) {
  const char* const value = std::getenv(name);
  if (!value || *value != '/') return std::nullopt;
  return value;
}

}  // namespace

std::optional<fs::path> LineHistory::users_file() {
  if (const auto state = folder_of_environment("XDG_STATE_HOME")) return *state / "simws/history";
  if (const auto home = folder_of_environment("HOME")) return *home / ".local/state/simws/history";
  return std::nullopt;
}

std::vector<std::string> LineHistory::load() const {
  std::vector<std::string> lines;
  if (!file_) return lines;
  std::ifstream file(*file_);
  for (std::string line; std::getline(file, line);) lines.push_back(std::move(line));
  const std::size_t count = lines.size();
  if (count > most_lines) {
    lines.erase(lines.begin(), std::prev(lines.end(), static_cast<std::ptrdiff_t>(most_lines)));
  }
  if (count > 2 * most_lines) rewrite(lines);
  return lines;
}

void LineHistory::add(std::string_view line) const {
  if (!file_ || !is_kept(line) || !make_folder(file_->parent_path())) return;
  write_to(*file_, O_APPEND, std::string(line) + '\n');
}

bool LineHistory::is_kept(std::string_view line) {
  if (line.empty() || line.front() == ' ') return false;
  for (std::size_t at = line.find("://"); at != line.npos; at = line.find("://", at + 3)) {
    const std::string_view rest = line.substr(at + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?# \t\"'"));
    if (authority.substr(0, authority.rfind('@')).size() != authority.size()) return false;
  }
  return true;
}

void LineHistory::rewrite(const std::vector<std::string>& lines) const {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  fs::path fresh = *file_;
  fresh += "." + std::to_string(getpid());
  std::error_code error;
  if (write_to(fresh, O_TRUNC, text)) fs::rename(fresh, *file_, error);
  fs::remove(fresh, error);
}

}  // namespace simws::host
