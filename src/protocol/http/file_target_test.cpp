#include "protocol/http/file_target.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol::http {
namespace {

using namespace std::string_literals;

std::string shown(const std::optional<FileTarget>& target) {
  if (!target) return "nothing";
  std::string text;
  for (const std::string& name : target->names) text += "/" + name;
  return text + (target->is_folder ? "/" : "");
}

TEST(AFileTarget, IsDecodedOnce) {
  const std::vector<std::pair<std::string, std::string>> targets{
      {"", ""},
      {"/", "/"},
      {"/a", "/a"},
      {"/a/", "/a/"},
      {"/a/b.c", "/a/b.c"},
      {"/a%20b/c%25d", "/a b/c%d"},
      {"/%2541", "/%41"},
      {"/%61", "/a"},
      {"/%C3%A4", "/\u00e4"},
      {"/two..dots", "/two..dots"},
      {"/a+b", "/a+b"},
      {"/contents", "/contents"},
      {"/com", "/com"},
      {"/com10", "/com10"},
      {"/nullable.js", "/nullable.js"},
      {"/x.con", "/x.con"},
  };
  for (const auto& [written, meant] : targets) {
    EXPECT_EQ(shown(parse_file_target(written)), meant) << written;
  }
}

// What another system, a careless decoder or a shell could take for something else.
TEST(AFileTarget, LeadsNowhereElse) {
  const std::vector<std::string> targets{
      "/..",
      "/../a",
      "/a/..",
      "/a/../b",
      "/.",
      "/./a",
      "/a/.",
      "/...",
      "/%2e%2e",
      "/%2E%2E/a",
      "/.%2e/a",
      "/%2e./a",
      "/..%2fa",
      "/%2e%2e%2fa",
      "/a%2f..%2f..%2fb",
      "/..%5ca",
      "/..\\a",
      "/\\..\\a",
      "/a\\b",
      "/a%5cb",
      "/a%2fb",
      "/%2fetc",
      "/%5c%5chost%5cshare",
      "//etc",
      "//",
      "/a//b",
      "/a//",
      "///",
      "/%",
      "/%z",
      "/%zz",
      "/a%2",
      "/%+1",
      "/%00",
      "/a%00.html",
      "/a\0b"s,
      "/%0a",
      "/a%0d%0ab",
      "/%1f",
      "/%7f",
      "/%c0%ae%c0%ae",
      "/%c0%af",
      "/%e0%80%ae",
      "/%f0%80%80%ae",
      "/%ed%a0%80",
      "/%f4%90%80%80",
      "/%ff",
      "/%c3",
      "/C:",
      "/C:/a",
      "/c:%5ca",
      "/C%3a/a",
      "/file::$DATA",
      "/file:stream",
      "/file%3astream",
      "/folder:$I30:$INDEX_ALLOCATION/a",
      "/CON",
      "/con",
      "/con.txt",
      "/con .txt",
      "/a/NUL",
      "/nul.tar.gz",
      "/AUX.",
      "/prn.html",
      "/COM1",
      "/com9.log",
      "/com0",
      "/LPT1",
      "/lpt\u00b2",
      "/com%C2%B9.txt",
      "/CONIN$",
      "/conout$",
      "/a.",
      "/a..",
      "/a%20",
      "/a%2e",
      "/a. ",
      "/a./b",
      "/a%20/b",
      "/.env",
      "/.git/config",
      "/a/.hidden",
      "/%2egit/config",
      "/.htaccess",
  };
  for (const std::string& target : targets) {
    EXPECT_EQ(shown(parse_file_target(target)), "nothing") << target;
  }
}

Names prefix(std::string_view text) {
  auto parsed = parse_prefix(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed ? *parsed : Names();
}

TEST(APrefix, IsAPath) {
  EXPECT_EQ(prefix("/"), Names());
  EXPECT_EQ(prefix("/app"), Names{"app"});
  EXPECT_EQ(prefix("/app/"), Names{"app"});
  EXPECT_EQ(prefix("/app/my models"), (Names{"app", "my models"}));
  EXPECT_EQ(prefix("/.well-known"), Names{".well-known"});
  for (const char* const wrong : {"", "app", "//", "/a//b", "/a/..", "/.", "/a?b", "/a#b", "/%41",
                                  "/a\\b", "/a:b", "/a\n", "/\xff", "http://host/a"}) {
    const auto parsed = parse_prefix(wrong);
    ASSERT_FALSE(parsed) << wrong;
    EXPECT_NE(parsed.error().message.find("the prefix '"), std::string::npos);
  }
}

TEST(APrefix, TakesWhatLiesBeneathIt) {
  const auto rest = [](std::string_view of, std::string_view resource) {
    const auto path = beneath(prefix(of), resource);
    return path ? std::string(*path) : "nothing";
  };
  EXPECT_EQ(rest("/", "/"), "/");
  EXPECT_EQ(rest("/", "/a?b=/c"), "/a");
  EXPECT_EQ(rest("/", "/a#b"), "/a");
  EXPECT_EQ(rest("/", "*"), "nothing");
  EXPECT_EQ(rest("/app", "/app"), "");
  EXPECT_EQ(rest("/app", "/app?x"), "");
  EXPECT_EQ(rest("/app", "/app/"), "/");
  EXPECT_EQ(rest("/app", "/app/../x"), "/../x") << "refused there, and nobody else's";
  EXPECT_EQ(rest("/app", "/%61pp/x"), "/x");
  EXPECT_EQ(rest("/app", "/application"), "nothing");
  EXPECT_EQ(rest("/app", "/App/x"), "nothing");
  EXPECT_EQ(rest("/app", "/x/../app/y"), "nothing");
  EXPECT_EQ(rest("/app", "//app/x"), "nothing");
  EXPECT_EQ(rest("/a b/c", "/a%20b/c/d"), "/d");
  EXPECT_EQ(rest("/a/b", "/a%2fb/c"), "nothing");
  EXPECT_EQ(rest("/app", "/%zz/x"), "nothing");
}

TEST(AFolder, IsWhereItsSlashIs) {
  const Names none, app{"app"}, folder{"a b", "\u00fc"};
  EXPECT_EQ(folder_resource(none, none, ""), "/");
  EXPECT_EQ(folder_resource(app, none, "/app?x=1&y=/../"), "/app/?x=1&y=/../");
  EXPECT_EQ(folder_resource(app, folder, "/app/a%20b/%c3%bc"), "/app/a%20b/%C3%BC/");
}

}  // namespace
}  // namespace simws::protocol::http
