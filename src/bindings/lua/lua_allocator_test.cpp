#include "bindings/lua/lua_allocator.h"

#include "base/kept_memory.h"

#include <gtest/gtest.h>
#include <lua.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

namespace simws::lua {
namespace {

constexpr std::size_t sizes[] = {1, 100, smallest_large_block - 1, smallest_large_block,
                                 smallest_large_block + smallest_large_block / 2};

unsigned char value_at(std::size_t place) {
  return static_cast<unsigned char>(place % 251);
}
void fill(void* block, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) static_cast<unsigned char*>(block)[i] = value_at(i);
}
bool is_filled(void* block, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if (static_cast<unsigned char*>(block)[i] != value_at(i)) return false;
  }
  return true;
}

TEST(LuaAllocator, KeepsWhatABlockHoldsWhateverItsSizeBecomes) {
  for (const std::size_t from : sizes) {
    for (const std::size_t to : sizes) {
      SCOPED_TRACE(std::to_string(from) + " to " + std::to_string(to));
      void* block = allocate(nullptr, nullptr, LUA_TSTRING, from);
      ASSERT_NE(block, nullptr);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0u);
      fill(block, from);
      block = allocate(nullptr, block, from, to);
      ASSERT_NE(block, nullptr);
      EXPECT_TRUE(is_filled(block, std::min(from, to)));
      fill(block, to);
      EXPECT_EQ(allocate(nullptr, block, to, 0), nullptr);
    }
  }
}

TEST(LuaAllocator, NothingIsNoBlock) {
  EXPECT_EQ(allocate(nullptr, nullptr, LUA_TTABLE, 0), nullptr);
}

// Sanitizers end a program that asks for what can't be had, so this is more than can be asked for.
TEST(LuaAllocator, WhatCantBeIsNull) {
  constexpr std::size_t too_much = std::numeric_limits<std::size_t>::max();
  EXPECT_EQ(allocate(nullptr, nullptr, 0, too_much), nullptr);
  void* const block = allocate(nullptr, nullptr, 0, 100);
  fill(block, 100);
  EXPECT_EQ(allocate(nullptr, block, 100, too_much), nullptr);
  EXPECT_TRUE(is_filled(block, 100)) << "it's still there";
  allocate(nullptr, block, 100, 0);
}

TEST(LuaAllocator, LargeBlocksAreKeptForTheNext) {
  const std::unique_ptr<lua_State, decltype(&lua_close)> state(luaL_newstate(), &lua_close);
  lua_State* const L = state.get();
  lua_setallocf(L, allocate, nullptr);
  const std::string message(smallest_large_block, 'x');
  lua_pushlstring(L, message.data(), message.size());
  lua_settop(L, 0);
  lua_gc(L, LUA_GCCOLLECT);
  EXPECT_TRUE(is_memory_kept(message.size() + 64)) << "and what Lua has besides";
  lua_pushlstring(L, message.data(), message.size());
  EXPECT_FALSE(is_memory_kept(message.size() + 64));
  EXPECT_EQ(lua_rawlen(L, -1), message.size());
}

}  // namespace
}  // namespace simws::lua
