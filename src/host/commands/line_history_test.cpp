#include "host/commands/line_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

namespace simws::host {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class LineHistoryTest : public testing::Test {
 protected:
  LineHistoryTest() {
    std::string name = (fs::temp_directory_path() / "history.XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~LineHistoryTest() override { fs::remove_all(folder_); }

  static mode_t mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(stat(path.c_str(), &status), 0);
    return status.st_mode & 0777;
  }

  fs::path folder_;
};

TEST_F(LineHistoryTest, KeepsLinesForTheNextTime) {
  const fs::path file = folder_ / "state/simws/history";
  EXPECT_THAT(LineHistory(file).load(), IsEmpty());
  LineHistory(file).add("first");
  const LineHistory another(file);
  LineHistory(file).add("second \xC3\xBC");
  another.add("third");
  EXPECT_THAT(LineHistory(file).load(), ElementsAre("first", "second \xC3\xBC", "third"));
}

TEST_F(LineHistoryTest, IsTheUsersAlone) {
  const fs::path file = folder_ / "state/simws/history";
  LineHistory(file).add("line");
  EXPECT_EQ(mode_of(file), 0600u);
  EXPECT_EQ(mode_of(file.parent_path()), 0700u);
}

TEST_F(LineHistoryTest, KeepsTheLatestLines) {
  const fs::path file = folder_ / "history";
  {
    std::ofstream out(file);
    for (std::size_t i = 0; i < 3 * LineHistory::most_lines; ++i) out << i << '\n';
  }
  const auto lines = LineHistory(file).load();
  ASSERT_EQ(lines.size(), LineHistory::most_lines);
  EXPECT_EQ(lines.front(), "2000");
  EXPECT_EQ(lines.back(), "2999");
  std::ifstream in(file);
  std::string first;
  std::getline(in, first);
  EXPECT_EQ(first, "2000");
  EXPECT_EQ(mode_of(file), 0600u);
}

TEST_F(LineHistoryTest, KeepsNoSecrets) {
  const fs::path file = folder_ / "history";
  for (const auto line : {"", " hidden", "ws://user:secret@host/", "see wss://a wss://me:x@b:1/c",
                          "http://token@host", "x://user:p@ss@host"}) {
    EXPECT_FALSE(LineHistory::is_kept(line)) << line;
    LineHistory(file).add(line);
  }
  EXPECT_FALSE(fs::exists(file));
  for (const auto line : {"a@b", "ws://host/me@x", "ws://host, mail a@b", "http://host?x=a@b"}) {
    EXPECT_TRUE(LineHistory::is_kept(line)) << line;
  }
}

TEST_F(LineHistoryTest, GoesWithoutAFile) {
  LineHistory(std::nullopt).add("line");
  EXPECT_THAT(LineHistory(std::nullopt).load(), IsEmpty());
  LineHistory(folder_).add("line");  // a folder can't be written
  EXPECT_THAT(LineHistory(folder_).load(), IsEmpty());
}

TEST_F(LineHistoryTest, LiesWhereTheEnvironmentSays) {
  setenv("HOME", "/home/me", 1);
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(LineHistory::users_file(), "/state/simws/history");
  setenv("XDG_STATE_HOME", "relative", 1);
  EXPECT_EQ(LineHistory::users_file(), "/home/me/.local/state/simws/history");
  unsetenv("XDG_STATE_HOME");
  unsetenv("HOME");
  EXPECT_EQ(LineHistory::users_file(), std::nullopt);
}

}  // namespace
}  // namespace simws::host
