#include "transport/private_file.h"

#include "transport/tls_test_certificates.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace simws::transport {
namespace {

namespace fs = std::filesystem;

class PrivateFile : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }
  static std::string text_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static int mode_of(const std::string& file) {
    return static_cast<int>(fs::status(file).permissions());
  }
  std::ptrdiff_t count_files() const {
    return std::distance(fs::directory_iterator(path("")), fs::directory_iterator());
  }

  TestFolder folder_;
};

TEST_F(PrivateFile, OnlyItsOwnerReadsASecret) {
  ASSERT_TRUE(replace_file(path("key"), "secret", FileReaders::owner).ok());
  EXPECT_EQ(text_of(path("key")), "secret");
  EXPECT_EQ(mode_of(path("key")), 0600);
  ASSERT_TRUE(replace_file(path("certificate"), "known", FileReaders::all).ok());
  EXPECT_EQ(mode_of(path("certificate")) & 0600, 0600);
}

TEST_F(PrivateFile, ReplacesTheOneBeforeAndLeavesNothingBeside) {
  ASSERT_TRUE(replace_file(path("key"), std::string(100'000, 'a'), FileReaders::owner).ok());
  ASSERT_TRUE(replace_file(path("key"), "b", FileReaders::owner).ok());
  EXPECT_EQ(text_of(path("key")), "b");
  EXPECT_EQ(count_files(), 1);
}

TEST_F(PrivateFile, CreatesWhereThereIsNone) {
  auto created = create_file(path("key"), "first", FileReaders::owner);
  ASSERT_TRUE(created.ok());
  EXPECT_TRUE(*created);
  created = create_file(path("key"), "second", FileReaders::owner);
  ASSERT_TRUE(created.ok());
  EXPECT_FALSE(*created);
  EXPECT_EQ(text_of(path("key")), "first");
  EXPECT_EQ(mode_of(path("key")), 0600);
  EXPECT_EQ(count_files(), 1);
}

TEST_F(PrivateFile, MakesFoldersForItsOwnerAlone) {
  const std::string inner = path("a/b");
  ASSERT_TRUE(make_folder(inner).ok());
  EXPECT_EQ(mode_of(inner), 0700);
  EXPECT_EQ(mode_of(path("a")), 0700);
  EXPECT_TRUE(make_folder(inner).ok());
}

TEST_F(PrivateFile, NamesWhatCannotBeWritten) {
  folder_.write("file", "");
  const auto made = make_folder(path("file/inner"));
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().code, ErrorCode::io);
  EXPECT_NE(made.error().message.find("'" + path("file") + "/inner"), std::string::npos)
      << made.error().message;
  const auto replaced = replace_file(path("missing/key"), "x", FileReaders::owner);
  ASSERT_FALSE(replaced.ok());
  EXPECT_NE(replaced.error().message.find("can't be written: No such file"), std::string::npos)
      << replaced.error().message;
}

}  // namespace
}  // namespace simws::transport
