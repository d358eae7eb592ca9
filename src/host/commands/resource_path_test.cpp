#include "host/commands/resource_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simws::host {
namespace {

using std::string_view_literals::operator""sv;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(ResourcePath, NamesFoldersAndAFile) {
  const auto path = parse_resource_path("/a/b%20c/d.txt?x=/..");
  ASSERT_TRUE(path);
  EXPECT_THAT(path->names, ElementsAre("a", "b c", "d.txt"));
  EXPECT_FALSE(path->is_folder);
}

TEST(ResourcePath, EndsInASlashForAFolder) {
  const auto root = parse_resource_path("/");
  ASSERT_TRUE(root);
  EXPECT_THAT(root->names, IsEmpty());
  EXPECT_TRUE(root->is_folder);
  const auto folder = parse_resource_path("/a/?b");
  ASSERT_TRUE(folder);
  EXPECT_THAT(folder->names, ElementsAre("a"));
  EXPECT_TRUE(folder->is_folder);
}

TEST(ResourcePath, IsDecodedOnce) {
  const auto path = parse_resource_path("/a%252e%252E/%C3%A4");
  ASSERT_TRUE(path);
  EXPECT_THAT(path->names, ElementsAre("a%2e%2E", "\xC3\xA4"));
}

TEST(ResourcePath, LeadsNowhereElse) {
  for (const auto resource : {"",
                              "*",
                              "a",
                              "/..",
                              "/../a",
                              "/a/..",
                              "/a/../b",
                              "/.",
                              "/./a",
                              "/%2e%2e/a",
                              "/%2E./a",
                              "/..%2fa",
                              "/a%2Fb",
                              "/%2f",
                              "/a%00b",
                              "/%00",
                              "//a",
                              "/a//b",
                              "//",
                              "/.hidden",
                              "/.git/config",
                              "/a/%2ehidden",
                              "/%",
                              "/%a",
                              "/%zz",
                              "/%+1",
                              "/a%2",
                              "/?/a/.."}) {
    const auto path = parse_resource_path(resource);
    EXPECT_EQ(path.has_value(), std::string_view(resource) == "/?/a/..") << resource;
  }
  EXPECT_FALSE(parse_resource_path("/a\0b"sv));
}

TEST(ResourcePath, OfAFolderNamesTheSameHost) {
  for (const auto& [resource, folder] :
       {std::pair("/a", "/a/"), std::pair("/a?x=1&y", "/a/?x=1&y"),
        std::pair("/a/b%20c", "/a/b%20c/"), std::pair("/%0d%0aX:y", "/%0D%0AX%3Ay/"),
        std::pair("/%5cevil.example", "/%5Cevil.example/")}) {
    const auto path = parse_resource_path(resource);
    ASSERT_TRUE(path) << resource;
    EXPECT_EQ(folder_resource(*path, resource), folder);
  }
}

}  // namespace
}  // namespace simws::host
