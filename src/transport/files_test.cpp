// What is beneath a folder and what isn't, with the links that may lead there.
#include "transport/files.h"

#include "transport/test_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace simws::transport {
namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

class FilesBeneath : public testing::Test {
 protected:
  FilesBeneath() {
    put("secret.txt", "secret");
    put("root-secret/key.txt", "secret");
    put("root/a.txt", "0123456789");
    put("root/sub/b.txt", "b");
    put("root/sub/deep/c.txt", "c");
  }

  void put(const std::string& name, std::string_view content) { files_.put(name, content); }
  void link(const std::string& name, const fs::path& target) {
    files_.link("root/" + name, target);
  }
  Result<OpenedFile> open(const Names& names) { return open_beneath(root_, names); }
  static std::string of_error(const Error& error) {
    if (error.code == ErrorCode::permission_denied) return "denied";
    return error.code == ErrorCode::invalid_argument ? "nothing" : "failure";
  }
  // What is in it; "folder"; or why it isn't opened.
  std::string found(const Names& names) {
    const auto file = open(names);
    if (!file) return of_error(file.error());
    if (file->status().kind != FileKind::file) {
      return file->status().kind == FileKind::folder ? "folder" : "other";
    }
    std::string content(static_cast<std::size_t>(file->status().size), '\0');
    const auto size = file->read(0, as_mutable_bytes(content));
    return size && *size == content.size() ? content : "failure";
  }

  TestFiles files_;
  const fs::path base_ = files_.path();
  const std::string root_ = (base_ / "root").string();
};

TEST_F(FilesBeneath, AreOpenedWithTheirStatus) {
  EXPECT_EQ(found({"a.txt"}), "0123456789");
  EXPECT_EQ(found({"sub", "deep", "c.txt"}), "c");
  EXPECT_EQ(found({"sub"}), "folder");
  EXPECT_EQ(found({}), "folder");
  struct stat status {};
  ASSERT_EQ(::stat((root_ + "/a.txt").c_str(), &status), 0);
  const auto file = open({"a.txt"});
  ASSERT_TRUE(file);
  EXPECT_EQ(file->status().size, 10u);
  EXPECT_EQ(file->status().modified, status.st_mtim.tv_sec);
  EXPECT_EQ(file->status().modified_nanoseconds, status.st_mtim.tv_nsec);
  EXPECT_EQ(file->status().number, status.st_ino);
}

TEST_F(FilesBeneath, AreReadInParts) {
  const auto file = open({"a.txt"});
  ASSERT_TRUE(file);
  std::string room(4, '-');
  EXPECT_EQ(file->read(2, as_mutable_bytes(room)).value(), 4u);
  EXPECT_EQ(room, "2345");
  EXPECT_EQ(file->read(8, as_mutable_bytes(room)).value(), 2u);
  EXPECT_EQ(room, "8945");
  EXPECT_EQ(file->read(100, as_mutable_bytes(room)).value(), 0u);
  EXPECT_FALSE(open({"sub"})->read(0, as_mutable_bytes(room)));
}

TEST_F(FilesBeneath, AreNotThereOrNoFolders) {
  EXPECT_EQ(found({"nothing"}), "nothing");
  EXPECT_EQ(found({"sub", "nothing", "b.txt"}), "nothing");
  EXPECT_EQ(found({"a.txt", "b.txt"}), "nothing");
  EXPECT_EQ(found({std::string(300, 'a')}), "nothing");
  EXPECT_EQ(found(Names(3000, "a")), "nothing");
}

TEST_F(FilesBeneath, MayBeForOthersOnly) {
  files_.put("root/closed/file.txt", "closed");
  files_.deny("root/a.txt");
  files_.deny("root/closed");
  const AsNobody nobody(files_);
  EXPECT_EQ(found({"a.txt"}), "denied");
  EXPECT_EQ(found({"closed"}), "denied");
  EXPECT_EQ(found({"closed", "file.txt"}), "denied");
  EXPECT_EQ(found({"sub", "b.txt"}), "b");
  EXPECT_EQ(of_error(list_beneath(root_, Names{"closed"}, 10).error()), "denied");
}

TEST_F(FilesBeneath, AreReachedByLinksThatStayThere) {
  link("link.txt", "sub/b.txt");
  link("folder", "sub");
  link("sub/up.txt", "../a.txt");
  link("absolute.txt", base_ / "root/sub/b.txt");
  link("absolute", base_ / "root/sub");
  link("twice", "absolute");
  EXPECT_EQ(found({"link.txt"}), "b");
  EXPECT_EQ(found({"folder", "deep", "c.txt"}), "c");
  EXPECT_EQ(found({"sub", "up.txt"}), "0123456789");
  EXPECT_EQ(found({"absolute.txt"}), "b");
  EXPECT_EQ(found({"absolute", "deep", "c.txt"}), "c");
  EXPECT_EQ(found({"twice", "b.txt"}), "b");
}

TEST_F(FilesBeneath, AreNotReachedByLinksThatLeadOut) {
  link("out.txt", "../secret.txt");
  link("out", "..");
  link("top", "/");
  link("absolute.txt", base_ / "secret.txt");
  link("neighbour", "../root-secret");
  link("twice.txt", "out/secret.txt");
  link("back.txt", "../root/a.txt");
  link("circle", "circle");
  link("nowhere", "nothing");
  link("magic", "/proc/self/root");
  for (const Names& names :
       {Names{"out.txt"}, Names{"out", "secret.txt"}, Names{"out"}, Names{"top"},
        Names{"top", "etc", "passwd"}, Names{"absolute.txt"}, Names{"neighbour", "key.txt"},
        Names{"twice.txt"}, Names{"circle"}, Names{"nowhere"}, Names{"magic", "etc", "passwd"},
        Names{".."}, Names{"..", "secret.txt"}, Names{"sub", "..", "..", "secret.txt"}}) {
    EXPECT_EQ(found(names), "nothing") << names.front() << '/' << names.back();
  }
  EXPECT_EQ(found({"back.txt"}), "0123456789") << "it leads out, and in again";
}

TEST_F(FilesBeneath, AreNotReachedByLinksThatTheirFoldersBecome) {
  EXPECT_EQ(found({"sub", "b.txt"}), "b");
  fs::remove_all(base_ / "root/sub");
  link("sub", base_ / "root-secret");
  EXPECT_EQ(found({"sub", "key.txt"}), "nothing");
  fs::rename(base_ / "root", base_ / "old");
  fs::create_directory_symlink(base_ / "root-secret", base_ / "root");
  EXPECT_EQ(found({"key.txt"}), "nothing") << "the folder itself";
  fs::remove(base_ / "root");
  put("root/new.txt", "new");
  EXPECT_EQ(found({"new.txt"}), "new") << "a new folder in its place is served";
}

TEST_F(FilesBeneath, ThatArePipesAreOpenedAtOnce) {
  ASSERT_EQ(::mkfifo((root_ + "/pipe").c_str(), 0600), 0);
  EXPECT_EQ(found({"pipe"}), "other");
}

TEST_F(FilesBeneath, AreListedWithWhatTheirLinksLeadTo) {
  link("link.txt", "sub/b.txt");
  link("folder", base_ / "root/sub");
  link("out.txt", "../secret.txt");
  link("nowhere", "nothing");
  ASSERT_EQ(::mkfifo((root_ + "/pipe").c_str(), 0600), 0);
  auto entries = list_beneath(root_, Names{}, 100);
  ASSERT_TRUE(entries);
  std::ranges::sort(*entries, {}, &FolderEntry::name);
  Names shown;
  for (const FolderEntry& entry : *entries) {
    shown.push_back(entry.name + (entry.status.kind == FileKind::folder ? "/" : "") + ' ' +
                    std::to_string(entry.status.kind == FileKind::file ? entry.status.size : 0));
  }
  EXPECT_EQ(shown, (Names{"a.txt 10", "folder/ 0", "link.txt 1", "sub/ 0"}));
  EXPECT_EQ(list_beneath(root_, Names{}, 2).value().size(), 2u);
  EXPECT_FALSE(list_beneath(root_, Names{"a.txt"}, 100));
  EXPECT_FALSE(list_beneath(root_, Names{"out"}, 100));
}

TEST_F(FilesBeneath, AreOfAFolderThatIsThere) {
  EXPECT_EQ(find_folder(root_ + "/sub/..").value(), root_);
  fs::create_directory_symlink(base_ / "root", base_ / "link");
  EXPECT_EQ(find_folder((base_ / "link").string()).value(), root_);
  for (const char* const wrong : {"nothing", "root/a.txt"}) {
    const auto none = find_folder((base_ / wrong).string());
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find(wrong), std::string::npos);
  }
  const fs::path before = fs::current_path();
  fs::current_path(base_);
  EXPECT_EQ(find_folder("root/sub").value(), root_ + "/sub");
  fs::current_path(before);
}

}  // namespace
}  // namespace simws::transport
