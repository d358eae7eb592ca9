#include "base/known_fields.h"
#include "base/request_head_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace simws {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

RequestHead head_of(const HeaderList& fields) {
  RequestHeadBuilder builder;
  builder.begin("GET", "/page?x=1");
  for (const auto& [name, value] : fields) builder.add(name, value);
  return builder.finish();
}

HeaderList fields_of(const RequestHead& head) {
  HeaderList fields;
  head.for_each(
      [&](std::string_view name, std::string_view value) { fields.emplace_back(name, value); });
  return fields;
}

TEST(RequestHead, OfNoRequestIsEmpty) {
  const RequestHead none;
  EXPECT_EQ(none.method(), "");
  EXPECT_EQ(none.resource(), "");
  EXPECT_EQ(none.find("Host"), std::nullopt);
  EXPECT_EQ(none.joined("Host"), "");
  EXPECT_EQ(none.size(), 0u);
  EXPECT_THAT(fields_of(none), IsEmpty());
}

TEST(RequestHead, HasWhatCameInTheOrderReceived) {
  const RequestHead head = head_of({{"B", "2"}, {"a", "\xff"}, {"B", ""}});
  EXPECT_EQ(head.method(), "GET");
  EXPECT_EQ(head.resource(), "/page?x=1");
  EXPECT_THAT(fields_of(head), ElementsAre(Pair("B", "2"), Pair("a", "\xff"), Pair("B", "")));
}

TEST(RequestHead, FindsTheFirstFieldOfANameWhateverItsCase) {
  const RequestHead head = head_of({{"Accept", "one"}, {"X", ""}, {"ACCEPT", "two"}});
  EXPECT_EQ(head.find("accept"), "one");
  EXPECT_EQ(head.find("x"), "");
  EXPECT_EQ(head.find("Acc"), std::nullopt);
  EXPECT_EQ(head.count("aCCept"), 2u);
  EXPECT_EQ(head.count("Y"), 0u);
}

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  for (char& c : capitals) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return capitals;
}

TEST(RequestHead, HasNamesThatItKnowsAsTheyCame) {
  for (const std::string_view known : known_fields) {
    for (const std::string& name : {std::string(known), to_lower(known), in_capitals(known)}) {
      const RequestHead head = head_of({{"X", "1"}, {name, "2"}, {in_capitals(known), "3"}});
      EXPECT_THAT(fields_of(head),
                  ElementsAre(Pair("X", "1"), Pair(name, "2"), Pair(in_capitals(known), "3")));
      EXPECT_EQ(head.find(known), "2");
      EXPECT_EQ(head.find(to_lower(known)), "2");
      EXPECT_EQ(head.joined(in_capitals(known)), "2, 3");
      EXPECT_EQ(head.find("X"), "1");
    }
  }
}

TEST(RequestHead, HasNoKnownNameThatDidNotCome) {
  for (const std::string_view known : known_fields) {
    HeaderList others;
    for (const std::string_view other : known_fields) {
      if (other != known) others.emplace_back(other, "x");
    }
    others.emplace_back(std::string(known) + "s", "x");
    others.emplace_back(known.substr(1), "x");
    EXPECT_EQ(head_of(others).find(known), std::nullopt);
    EXPECT_EQ(head_of(others).count(in_capitals(known)), 0u);
  }
}

TEST(RequestHead, VisitsTheValuesOfOneName) {
  const RequestHead head = head_of({{"Cookie", "a"}, {"Host", "b"}, {"cookie", "c"}});
  std::vector<std::string> values;
  head.for_each_of("COOKIE", [&](std::string_view value) { values.emplace_back(value); });
  EXPECT_THAT(values, ElementsAre("a", "c"));
}

// What nearly every head has costs a byte for its name.
TEST(RequestHead, HoldsNoNameThatIsSpelledAsUsual) {
  const std::size_t spelled_otherwise = head_of({{"SEC-WebSocket-Version", "13"}}).size();
  const std::size_t as_usual = head_of({{"Sec-WebSocket-Version", "13"}}).size();
  EXPECT_EQ(as_usual + std::string_view("Sec-WebSocket-Version").size(), spelled_otherwise);
}

TEST(KnownFields, HaveTheirPlaceAsNumber) {
  for (std::size_t i = 0; i < known_fields.size(); ++i) {
    EXPECT_EQ(known_field(known_fields[i]), i) << known_fields[i];
    EXPECT_EQ(known_field(to_lower(known_fields[i])), i);
  }
  for (const std::string_view name : {"", "X", "Hosts", "Hose", "Sec-Fetch-User", "DNT"}) {
    EXPECT_EQ(known_field(name), not_known) << name;
  }
  EXPECT_EQ(known_field(std::string(1000, 'x')), not_known);
}

TEST(RequestHead, JoinsFieldsOfOneName) {
  const RequestHead head = head_of({{"A", "1"}, {"B", "2"}, {"a", ""}, {"A", "3, 4"}});
  EXPECT_EQ(head.joined("a"), "1, , 3, 4");
  EXPECT_EQ(head.joined("a", "; "), "1; ; 3, 4");
  EXPECT_EQ(head.joined("B"), "2");
  EXPECT_EQ(head.joined("C"), "");
}

TEST(RequestHead, TakesTextsOfAnyLength) {
  for (const std::size_t size :
       {0u, 1u, 95u, 96u, 127u, 128u, 16383u, 16384u, 1u << 20, 3u << 20}) {
    const std::string text(size, 't');
    const RequestHead head = head_of({{"before", text}, {text, "x"}, {"after", "y"}});
    EXPECT_EQ(head.find("before"), text) << size;
    EXPECT_EQ(head.find(text), "x") << size;
    EXPECT_EQ(head.find("after"), "y") << size;
  }
}

TEST(RequestHead, CopiesShareItsBytes) {
  RequestHead head = head_of({{"Host", "robot"}});
  const RequestHead copy = head;
  EXPECT_EQ(copy.find("Host")->data(), head.find("Host")->data());
  head = {};
  EXPECT_EQ(copy.find("Host"), "robot");
  head = copy;
  RequestHead moved = std::move(head);
  const RequestHead& same = moved;
  moved = same;
  EXPECT_EQ(moved.find("Host")->data(), copy.find("Host")->data());
}

TEST(RequestHead, IsSharedBetweenThreads) {
  const RequestHead head = head_of({{"Host", "robot"}});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([copy = head] {
      for (int j = 0; j < 10'000; ++j) {
        const RequestHead another = copy;
        ASSERT_EQ(another.find("host"), "robot");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// A field is four bytes at least on its way: "a:" and the line's end.
TEST(RequestHead, IsNoLargerThanWhatCame) {
  const HeaderList fields(4000, {"a", ""});
  EXPECT_LE(head_of(fields).size(), std::string("GET /page?x=1 HTTP/1.1").size() + 4 * 4000);
}

TEST(AppendTightly, HasHalfAsMuchRoomMoreAtMost) {
  std::string text;
  for (std::size_t i = 0; i < 100'000; ++i) {
    append_tightly(text, "x");
    ASSERT_LE(text.capacity(), std::max<std::size_t>(text.size() + text.size() / 2, 32));
  }
  EXPECT_EQ(text, std::string(100'000, 'x'));
}

}  // namespace
}  // namespace simws
