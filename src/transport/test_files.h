// Files of a test, in a folder of their own that ends with it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace simws::transport {

class TestFiles {
 public:
  TestFiles() {
    std::string path = (std::filesystem::temp_directory_path() / "simws_files_XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) ADD_FAILURE() << "no folder " << path;
    path_ = std::filesystem::canonical(path);
  }
  ~TestFiles() {
    std::error_code ignored;
    for (const auto& denied : denied_) {
      std::filesystem::permissions(denied, std::filesystem::perms::owner_all, ignored);
    }
    std::filesystem::remove_all(path_, ignored);
  }
  TestFiles(const TestFiles&) = delete;
  TestFiles& operator=(const TestFiles&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

  // With the folders above it.
  void put(const std::string& name, std::string_view content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  // Nobody may read it, but for the system's administrator.
  void deny(const std::string& name) {
    denied_.push_back(path_ / name);
    std::filesystem::permissions(denied_.back(), std::filesystem::perms::none);
  }
  // All but what is denied.
  void open_to_others() const {
    namespace fs = std::filesystem;
    const auto open = [](const fs::path& path) {
      constexpr auto all = fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read |
                           fs::perms::others_exec;
      fs::permissions(path, all, fs::perm_options::add);
    };
    open(path_);
    constexpr auto as_far_as_allowed = fs::directory_options::skip_permission_denied;
    for (const auto& entry : fs::recursive_directory_iterator(path_, as_far_as_allowed)) {
      open(entry.path());
    }
    for (const auto& denied : denied_) fs::permissions(denied, fs::perms::none);
  }
  void link(const std::string& name, const std::filesystem::path& target) const {
    std::filesystem::create_symlink(target, path_ / name);
  }

 private:
  std::filesystem::path path_;  // without links
  std::vector<std::filesystem::path> denied_;
};

// For as long as it lives the program has no more rights than any user, and may read these files.
class AsNobody {
 public:
  explicit AsNobody(const TestFiles& files) {
    files.open_to_others();
    if (was_ == 0 && ::seteuid(nobody) != 0) ADD_FAILURE() << "no change of user";
  }
  ~AsNobody() {
    if (::geteuid() != was_ && ::seteuid(was_) != 0) std::abort();
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;

 private:
  static constexpr uid_t nobody = 65534;
  const uid_t was_ = ::geteuid();
};

}  // namespace simws::transport
