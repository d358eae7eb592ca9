#include "protocol/http/cookies.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol::http {
namespace {

std::string cookies_of(std::string_view field) {
  std::string words;
  for_each_cookie(field, [&](std::string_view name, std::string_view value) {
    words.append(name).append("|").append(value).append("\n");
  });
  return words;
}

TEST(Cookies, ArePairsBetweenSemicolons) {
  EXPECT_EQ(cookies_of("a=1; b=2"), "a|1\nb|2\n");
  EXPECT_EQ(cookies_of("a=1;b=2;"), "a|1\nb|2\n");
  EXPECT_EQ(cookies_of(" a = 1 ;\tb=x=y"), "a|1\nb|x=y\n");
  EXPECT_EQ(cookies_of("a=; =b; a=\"1, 2\""), "a|\n|b\na|\"1, 2\"\n");
}

TEST(Cookies, LeaveOutWhatIsNone) {
  EXPECT_EQ(cookies_of(""), "");
  EXPECT_EQ(cookies_of(";; ;"), "");
  EXPECT_EQ(cookies_of("a; b=2; c"), "b|2\n");
}

}  // namespace
}  // namespace simws::protocol::http
