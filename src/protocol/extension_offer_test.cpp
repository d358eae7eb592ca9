#include "protocol/extension_offer.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::protocol {
namespace {

std::string text_of(const std::vector<ExtensionOffer>& offers) {
  std::string text;
  for (const ExtensionOffer& offer : offers) {
    text += '[' + offer.name;
    for (const ExtensionParam& param : offer.params) {
      text += ' ' + param.name;
      if (param.value) text += '=' + *param.value;
    }
    text += ']';
  }
  return text;
}

struct Valid {
  std::string_view list, offers;
};

TEST(ExtensionOffer, TakesListsApart) {
  const Valid lists[] = {
      {"", ""},
      {" \t", ""},
      {"a", "[a]"},
      {" a\t", "[a]"},
      {"a, b,c", "[a][b][c]"},
      {",, a ,,b,", "[a][b]"},
      {"a;b;c=d", "[a b c=d]"},
      {"a ; b ; c = d , e", "[a b c=d][e]"},
      {"a; b=\"c\"", "[a b=c]"},
      {"a; b = \"c\" ; d", "[a b=c d]"},
      {"a; b=\"\\c\\d\"", "[a b=cd]"},
      {"a; b; b=1; b=2", "[a b b=1 b=2]"},
      {"constructor; __proto__=1", "[constructor __proto__=1]"},
      {"permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate",
       "[permessage-deflate client_max_window_bits server_max_window_bits=10][permessage-deflate]"},
      {"permessage-deflate; client_max_window_bits=99999999999",
       "[permessage-deflate client_max_window_bits=99999999999]"},
      {"permessage-deflate; client_max_window_bits=\"10\"",
       "[permessage-deflate client_max_window_bits=10]"},
  };
  for (const Valid& valid : lists) {
    const auto offers = parse_extension_offers(valid.list);
    ASSERT_TRUE(offers.has_value()) << valid.list;
    EXPECT_EQ(text_of(*offers), valid.offers);
  }
}

TEST(ExtensionOffer, RefusesMalformedLists) {
  for (const std::string_view list :
       {",",           ", ,",      ";",           ";a",          "a;",
        "a;;b",        "a; ;b",    "a;,b",        "a=b",         "a;=b",
        "a;b=",        "a;b=;c",   "a;b=,c",      "a b",         "a;b c",
        "a;b=c d",     "a;b==c",   "a;b=\"",      "a;b=\"c",     "a;b=\"c\\",
        "a;b=\"c\\\"", "a;b=\"\"", "a;b=\"c d\"", "a;b=\"c,d\"", "a;b=\"c\\\"d\"",
        "a;b=\"c\"d",  "a;\"b\"",  "\"a\"",       "a;b='c d'",   "a(b)",
        "a/b",         "a\x7f",    "\xc3\xa4",    "a;b=\xff",    "a\r\nb"}) {
    EXPECT_FALSE(parse_extension_offers(list).has_value()) << list;
  }
}

// `start` and then `part` over and over, for `size` bytes at least.
std::string repeat(std::string_view part, std::size_t size, std::string_view start = "") {
  std::string text(start);
  while (text.size() < start.size() + size) text += part;
  return text;
}

TEST(ExtensionOffer, TakesPathologicalListsInOneGo) {
  const std::size_t size = 1 << 20;
  EXPECT_FALSE(parse_extension_offers(repeat(";", size)).has_value());
  EXPECT_FALSE(parse_extension_offers(repeat(";", size, "a")).has_value());
  EXPECT_FALSE(parse_extension_offers(repeat("\\", size + 1, "a;b=\"")).has_value());
  EXPECT_FALSE(parse_extension_offers(repeat("\\\"", size, "a;b=\"")).has_value());
  EXPECT_FALSE(parse_extension_offers(repeat(";b=\"", size, "a")).has_value());
  EXPECT_FALSE(parse_extension_offers(repeat(",", size)).has_value());
  EXPECT_FALSE(parse_extension_offers(repeat(" ", size, "a") + "b").has_value());
  EXPECT_TRUE(parse_extension_offers(repeat(",", size) + "a").has_value());
  EXPECT_EQ(parse_extension_offers(repeat("a;b,", size))->size(), size / 4);
  EXPECT_EQ(parse_extension_offers(repeat("; b=\"c\"", size, "a"))->front().params.size(),
            (size + 6) / 7);
}

}  // namespace
}  // namespace simws::protocol
