#include "bindings/coppeliasim/stack.h"

#include "bindings/coppeliasim/fake_core_test.h"
#include "script/describe.h"

#include <gtest/gtest.h>

#include <string>

namespace simws::coppeliasim {
namespace {

using script::Value;
using test::Item;
using test::Items;
using test::list_of;
using test::map_of;
using test::number;
using test::text;

class StackTest : public testing::Test {
 protected:
  ~StackTest() override { EXPECT_TRUE(core_.failures.empty()) << core_.failures.front(); }

  Value take(Item item) {
    OwnedStack stack(simulator_);
    core_.stacks[stack.handle()] = {std::move(item), text("what lies above")};
    Value value = stack.take_first();
    EXPECT_EQ(test::show(core_.stacks[stack.handle()]), "'what lies above'");
    return value;
  }
  std::string push(const Value& value) {
    OwnedStack stack(simulator_);
    EXPECT_TRUE(stack.push(value));
    return test::show(core_.stacks[stack.handle()]);
  }

  test::FakeCore core_;
  const Simulator simulator_ = core_.simulator();
};

TEST_F(StackTest, ValuesAreTakenAsTheyAre) {
  EXPECT_EQ(script::describe(take({})), "nil");
  EXPECT_EQ(script::describe(take({true})), "bool true");
  EXPECT_EQ(script::describe(take(number(3))), "int 3");
  EXPECT_EQ(script::describe(take({3.0})), "float 3");
  EXPECT_EQ(script::describe(take(text(std::string("a\0b", 3)))), "string 'a\\x00b'");
  EXPECT_EQ(script::describe(take(text(""))), "string ''");
  EXPECT_EQ(script::describe(take({test::Func{}})), "function");
  EXPECT_EQ(script::describe(take({test::Unknown{}})), "a value of another kind");
}

TEST_F(StackTest, TablesAreTakenInOrder) {
  const Value list = take(list_of({number(1), text("two"), list_of({})}));
  ASSERT_TRUE(list.as<script::List>());
  ASSERT_EQ(list.as<script::List>()->size(), 3u);
  EXPECT_EQ((*list.as<script::List>())[1].text(), "two");

  const Value map = take(map_of({{"a", number(1)}, {"b", map_of({{"c", {true}}})}}));
  ASSERT_TRUE(map.as<script::Map>());
  ASSERT_EQ(map.as<script::Map>()->size(), 2u);
  EXPECT_EQ((*map.as<script::Map>())[0].key, "a");
  const auto* inner = (*map.as<script::Map>())[1].value.as<script::Map>();
  ASSERT_TRUE(inner);
  EXPECT_EQ(inner->front().key, "c");
}

TEST_F(StackTest, OddTablesAreNoValues) {
  test::Table mixed;
  mixed.is_list = false;
  mixed.entries = {{text("a"), number(1)}, {number(2), text("b")}};
  EXPECT_EQ(script::describe(take({mixed})), "table with mixed keys");
  test::Table circular;
  circular.is_circular = true;
  EXPECT_EQ(script::describe(take({circular})), "deeply nested table");
  Item deep = list_of({});
  for (int i = 0; i < 100; ++i) deep = list_of({deep});
  EXPECT_EQ(script::describe(take(deep)), "list");
}

TEST_F(StackTest, TablesThatAreTooLargeAreNotCopied) {
  const std::string too_many = "table of more than 10000 values";
  const Item list = list_of(Items(20'000, number(1)));
  EXPECT_EQ(script::describe(take(list)), too_many);
  EXPECT_EQ(core_.unfolded, 0);
  test::Table map;
  map.is_list = false;
  for (int i = 0; i < 20'000; ++i) map.entries.emplace_back(text(std::to_string(i)), number(i));
  EXPECT_EQ(script::describe(take({map})), too_many);
  EXPECT_EQ(script::describe(take(map_of({{"a", list}, {"b", map_of({})}}))), too_many);
  EXPECT_EQ(script::describe(take(list_of(Items(200, list_of(Items(200, number(1))))))), too_many);
  EXPECT_EQ(script::describe(take(list_of(Items(9'998, number(1))))), "list");
}

TEST_F(StackTest, BorrowedTextsAreReleased) {
  HeldTexts held(simulator_);
  OwnedStack stack(simulator_);
  core_.stacks[stack.handle()] = {text("one"), number(2)};
  EXPECT_EQ(stack.take_first(held).text(), "one");
  EXPECT_EQ(script::describe(stack.take_first(held)), "int 2");
  EXPECT_EQ(stack.size(), 0u);
}

TEST_F(StackTest, ValuesArePushed) {
  EXPECT_EQ(push({}), "nil");
  EXPECT_EQ(push({false}), "false");
  EXPECT_EQ(push(script::integer_value(7)), "7");
  EXPECT_EQ(push({0.5}), "0.500000");
  EXPECT_EQ(push({std::string("owned")}), "'owned'");
  EXPECT_EQ(push(script::data_value("")), "''");
  EXPECT_EQ(push(script::data_value(std::string_view("abc", 0))), "''") << "not up to the NUL";
  EXPECT_EQ(push({script::List{script::integer_value(1), {std::string("two")}}}), "{1, 'two'}");
  EXPECT_EQ(push({script::Map{{"a", {true}}, {"b", {script::List{}}}}}), "{a=true, b={}}");
}

TEST_F(StackTest, DataIsABufferWhereScriptsGetBuffers) {
  OwnedStack old(simulator_);
  old.push_data("data");
  EXPECT_EQ(test::show(core_.stacks[old.handle()]), "'data'");

  Simulator newer = simulator_;
  newer.version = 4100005;
  OwnedStack stack(newer);
  stack.push_data("data");
  stack.push_data("");
  EXPECT_EQ(test::show(core_.stacks[stack.handle()]), "buffer 'data', buffer ''");
}

}  // namespace
}  // namespace simws::coppeliasim
