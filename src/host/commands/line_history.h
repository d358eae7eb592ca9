// The lines that were typed, kept in a file for the next time.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::host {

class LineHistory {
 public:
  static constexpr std::size_t most_lines = 1000;

  // The user's own: in XDG_STATE_HOME or ~/.local/state. Nothing: there is no home.
  static std::optional<std::filesystem::path> users_file();

  // Without a path nothing is read or kept.
  explicit LineHistory(std::optional<std::filesystem::path> file) : file_(std::move(file)) {}

  // The latest lines, oldest first. A file that has far more is cut.
  std::vector<std::string> load() const;

  // Appends a line, so that programs that run at the same time lose none. Only the user may read
  // the file. Failures go unheard: what was typed has been sent all the same.
  void add(std::string_view line) const;

  // Empty lines, those that begin with a space, and those that have a password in a URI are not.
  static bool is_kept(std::string_view line);

 private:
  void rewrite(const std::vector<std::string>& lines) const;

  std::optional<std::filesystem::path> file_;
};

}  // namespace simws::host
