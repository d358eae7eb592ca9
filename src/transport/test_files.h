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
  void link(const std::string& name, const std::filesystem::path& target) const {
    std::filesystem::create_symlink(target, path_ / name);
  }

 private:
  std::filesystem::path path_;  // without links
};

}  // namespace simws::transport
