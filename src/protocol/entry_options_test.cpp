#include "protocol/entry_options.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {
namespace {

using namespace std::string_literals;
using Entries = std::vector<std::string>;

std::string error_of(const Result<void>& checked) {
  if (checked) return "none";
  EXPECT_EQ(checked.error().code, ErrorCode::invalid_argument);
  return checked.error().message;
}

TEST(HostsOption, TakesWholeNames) {
  EXPECT_TRUE(check_hosts(Entries{}));
  EXPECT_TRUE(check_hosts(
      Entries{"robot.lab.example", "Lab.", "robot_1", "lab2:9000", "10.0.0.1", "[fe80::1]"}));
  for (const std::string& entry :
       {"*"s, "*.lab"s, ""s, " "s, "a\r\n"s, "a b"s, "a,b:"s + "x", "http://lab"s, "lab/"s,
        "lab:99999"s, "a@lab"s, "m\xc3\xbcnchen"s, "\xff"s, "a\0b"s, "[::1"s}) {
    EXPECT_FALSE(check_hosts(Entries{"lab", entry})) << testing::PrintToString(entry);
  }
}

TEST(HostsOption, SaysWhatIsAllowed) {
  EXPECT_EQ(error_of(check_hosts(Entries{"*"})),
            "option hosts: '*' is no name of a host: use whole names such as 'robot.lab.example', "
            "without scheme and path ('*' stands for none)");
  EXPECT_EQ(error_of(check_hosts(Entries{"a\r\n"})).substr(0, 40),
            "option hosts: 'a\\x0d\\x0a' is no name of ");
  EXPECT_TRUE(error_of(check_hosts(Entries{"\xc3\xbc"})).ends_with("ASCII characters only"));
}

TEST(OriginsOption, TakesOriginsHostsNullAndStar) {
  EXPECT_TRUE(check_origins(Entries{}));
  EXPECT_TRUE(check_origins(Entries{"*", "null", "file://", "https://lab.example",
                                    "http://lab.example:8080", "lab.example", "lab.example:81",
                                    "http://[::1]:80", "chrome-extension://abcdef"}));
  for (const std::string& entry :
       {""s, " "s, "https://lab.example/"s, "https://lab.example/x"s, "https://"s, "file:///"s,
        "https://*.lab.example"s, "*.lab.example"s, "http://lab:99999"s, "lab:0x1"s, "a b"s,
        "lab\n"s, "https://m\xc3\xbcnchen"s, "https://lab?x"s, "http://a@lab"s}) {
    EXPECT_FALSE(check_origins(Entries{"lab", entry})) << testing::PrintToString(entry);
  }
}

TEST(OriginsOption, SaysWhatIsAllowed) {
  EXPECT_EQ(error_of(check_origins(Entries{""})),
            "option origins: '' is no origin: use 'https://lab.example' or "
            "'https://lab.example:8443' without a path, a whole name of a host, 'null' for pages "
            "opened from files and sandboxed frames, or '*' for any");
}

TEST(SubprotocolsOption, TakesTokens) {
  EXPECT_TRUE(check_subprotocols(Entries{}));
  EXPECT_TRUE(check_subprotocols(Entries{"v1.sim", "V1.SIM", "soap+xml", "*"}));
  for (const std::string& entry : {""s, "a b"s, " a"s, "a,b"s, "a\r\n"s, "a/b"s, "\xc3\xbc"s}) {
    EXPECT_FALSE(check_subprotocols(Entries{"v1.sim", entry})) << testing::PrintToString(entry);
  }
  EXPECT_EQ(error_of(check_subprotocols(Entries{"a b"})),
            "option subprotocols: 'a b' is no name of a subprotocol: use letters, digits and "
            "!#$%&'*+-.^_`|~");
}

TEST(ListOptions, HaveEachEntryOnce) {
  EXPECT_EQ(error_of(check_hosts(Entries{"lab", "x", "LAB."})),
            "option hosts: 'LAB.' is listed twice: leave one out");
  EXPECT_EQ(error_of(check_origins(Entries{"https://lab", "HTTPS://LAB:443"})),
            "option origins: 'HTTPS://LAB:443' is listed twice: leave one out");
  EXPECT_EQ(error_of(check_subprotocols(Entries{"a", "b", "a"})),
            "option subprotocols: 'a' is listed twice: leave one out");
  EXPECT_TRUE(check_origins(Entries{"https://lab", "http://lab", "lab", "lab:443"}));
}

TEST(ListOptions, MayBeLong) {
  Entries entries;
  for (int i = 0; i < 10'000; ++i) entries.push_back("h" + std::to_string(i));
  EXPECT_TRUE(check_hosts(entries));
  entries.push_back("h77");
  EXPECT_FALSE(check_hosts(entries));
}

}  // namespace
}  // namespace simws::protocol
