#include "base/owning_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace simws {
namespace {

struct Letter : ListLink {
  Letter(char own_letter, std::string& told) : letter(own_letter), ends(told) {}
  ~Letter() { ends += letter; }

  const char letter;
  std::string& ends;
};

class OwningListTest : public testing::Test {
 protected:
  void add(std::string_view letters) {
    for (const char letter : letters) list.push_back(std::make_unique<Letter>(letter, ended));
  }
  static std::string letters_of(OwningList<Letter>& of) {
    std::string letters;
    for (const Letter& element : of) letters += element.letter;
    return letters;
  }
  Letter& find(char letter) {
    return *std::ranges::find(list.begin(), list.end(), letter, &Letter::letter);
  }

  std::string ended;
  OwningList<Letter> list;
};

TEST_F(OwningListTest, KeepsTheOrderInWhichElementsCame) {
  EXPECT_TRUE(list.empty());
  add("abc");
  EXPECT_FALSE(list.empty());
  EXPECT_EQ(letters_of(list), "abc");
  EXPECT_EQ(list.front().letter, 'a');
}

TEST_F(OwningListTest, TakesAnElementOfAnotherToItsEnd) {
  add("abc");
  OwningList<Letter> other;
  other.take(find('b'));
  other.take(find('a'));
  EXPECT_EQ(letters_of(list), "c");
  EXPECT_EQ(letters_of(other), "ba");
  other.take(find('c'));
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(letters_of(other), "bac");
  EXPECT_EQ(ended, "");
}

TEST_F(OwningListTest, TakesOneOfItsOwnToItsEnd) {
  add("abc");
  list.take(find('a'));
  list.take(find('a'));
  EXPECT_EQ(letters_of(list), "bca");
}

TEST_F(OwningListTest, DestroysWhatItOwnsInOrder) {
  add("abc");
  list.clear();
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(ended, "abc");
  {
    OwningList<Letter> another;
    another.push_back(std::make_unique<Letter>('d', ended));
  }
  EXPECT_EQ(ended, "abcd");
}

struct Asking : ListLink {
  explicit Asking(OwningList<Asking>& own) : list(own) {}
  ~Asking() { EXPECT_TRUE(list.empty()); }
  OwningList<Asking>& list;
};

TEST(OwningListOf, ElementsThatAskFindThemselvesGone) {
  const auto list = std::make_unique<OwningList<Asking>>();
  list->push_back(std::make_unique<Asking>(*list));
  list->clear();
}

}  // namespace
}  // namespace simws
