#include "protocol/http/folder_listing.h"

#include <gtest/gtest.h>

namespace simws::protocol::http {
namespace {

TEST(AListing, HasFoldersFirstAndNothingHidden) {
  const std::string html = list_folder("/models/", true,
                                       {{"b.glb", false, 1536, 0},
                                        {"a", true, 0, 0},
                                        {".git", true, 0, 0},
                                        {"a.txt", false, 5, 784111777},
                                        {"con", false, 5, 0},
                                        {"z", true, 0, 0}})
                               .body;
  std::size_t at = 0;
  for (const char* const part :
       {"/models/</h1>", "\"../\"", "\"./a/\">a/<", "\"./z/\">z/<", "\"./a.txt\">a.txt<", "5 B",
        "Sun, 06 Nov 1994 08:49:37 GMT", "\"./b.glb\">b.glb<", "1.5 KiB"}) {
    at = html.find(part, at);
    ASSERT_NE(at, html.npos) << part;
  }
  EXPECT_EQ(html.find(".git"), html.npos);
  EXPECT_EQ(html.find("con<"), html.npos);
  EXPECT_EQ(list_folder("/", false, {}).body.find("../"), std::string::npos);
}

TEST(AListing, GivesNoNameAMeaning) {
  const std::string html =
      list_folder("/<b>&\"'/", false, {{"<script>alert('1')&\".js", false, 1ull << 40, 0}}).body;
  EXPECT_EQ(html.find("<script"), html.npos);
  EXPECT_NE(html.find("&lt;b&gt;&amp;&quot;&#39;"), html.npos);
  EXPECT_NE(html.find("./%3Cscript%3Ealert%28%271%27%29%26%22.js\""), html.npos);
  EXPECT_NE(html.find("1.0 TiB"), html.npos);
}

}  // namespace
}  // namespace simws::protocol::http
