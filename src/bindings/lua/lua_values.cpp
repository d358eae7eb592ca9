#include "bindings/lua/lua_values.h"

#include <cstddef>
#include <string_view>

namespace simws::lua {

namespace {

using script::Data;
using script::Function;
using script::List;
using script::Map;
using script::Opaque;
using script::Value;

constexpr int deepest_table = 16;
constexpr int stack_room = 8;  // per level of nested tables

Value table_value(lua_State* L, int table, int depth);

std::string_view string_at(lua_State* L, int index) {
  std::size_t length = 0;
  const char* const text = lua_tolstring(L, index, &length);
  return {text, length};
}

Value value_at(lua_State* L, int index, int depth) {
  switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
      return {};
    case LUA_TBOOLEAN:
      return {lua_toboolean(L, index) != 0};
    case LUA_TNUMBER:
      if (lua_isinteger(L, index)) return script::integer_value(lua_tointeger(L, index));
      return {static_cast<double>(lua_tonumber(L, index))};
    case LUA_TSTRING:
      return {Data{string_at(L, index)}};
    case LUA_TFUNCTION:
      return {Function{index}};
    case LUA_TTABLE:
      return table_value(L, index, depth);
    default:
      return {Opaque{lua_typename(L, lua_type(L, index))}};
  }
}

struct Keys {
  std::size_t all = 0;
  std::size_t strings = 0;
};

Keys count_keys(lua_State* L, int table) {
  Keys keys;
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    ++keys.all;
    if (lua_type(L, -2) == LUA_TSTRING) ++keys.strings;
    lua_pop(L, 1);
  }
  return keys;
}

Map map_of(lua_State* L, int table, std::size_t size, int depth) {
  Map map;
  map.reserve(size);
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    map.push_back({std::string(string_at(L, -2)), value_at(L, lua_gettop(L), depth)});
    lua_pop(L, 1);
  }
  return map;
}

List list_of(lua_State* L, int table, std::size_t size, int depth) {
  List list;
  list.reserve(size);
  for (std::size_t i = 1; i <= size; ++i) {
    lua_rawgeti(L, table, static_cast<lua_Integer>(i));
    list.push_back(value_at(L, lua_gettop(L), depth));
    lua_pop(L, 1);
  }
  return list;
}

Value table_value(lua_State* L, int table, int depth) {
  if (depth == deepest_table || lua_checkstack(L, stack_room) == 0) {
    return {Opaque{"deeply nested table"}};
  }
  const Keys keys = count_keys(L, table);
  if (keys.strings == keys.all) return {map_of(L, table, keys.all, depth + 1)};
  if (keys.strings == 0 && keys.all == lua_rawlen(L, table)) {
    return {list_of(L, table, keys.all, depth + 1)};
  }
  return {Opaque{"table with mixed keys"}};
}

void push_text(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

struct Pusher {
  lua_State* L;

  void operator()(std::monostate) const { lua_pushnil(L); }
  void operator()(bool value) const { lua_pushboolean(L, value); }
  void operator()(std::int64_t value) const { lua_pushinteger(L, value); }
  void operator()(double value) const { lua_pushnumber(L, value); }
  void operator()(const Data& value) const { push_text(L, value.bytes); }
  void operator()(const std::string& value) const { push_text(L, value); }
  void operator()(const List& list) const {
    luaL_checkstack(L, stack_room, nullptr);
    lua_createtable(L, static_cast<int>(list.size()), 0);
    lua_Integer index = 0;
    for (const Value& item : list) {
      push_value(L, item);
      lua_rawseti(L, -2, ++index);
    }
  }
  void operator()(const Map& map) const {
    luaL_checkstack(L, stack_room, nullptr);
    lua_createtable(L, 0, static_cast<int>(map.size()));
    for (const script::MapEntry& entry : map) {
      push_text(L, entry.key);
      push_value(L, entry.value);
      lua_rawset(L, -3);
    }
  }
  // These come from scripts and never go back.
  void operator()(Function) const { lua_pushnil(L); }
  void operator()(script::LargeInteger) const { lua_pushnil(L); }
  void operator()(Opaque) const { lua_pushnil(L); }
};

bool takes_no_memory(const Value& value) {
  return value.is_nil() || value.as<bool>() || value.as<std::int64_t>() || value.as<double>();
}

}  // namespace

Value to_value(lua_State* L, int index) {
  return value_at(L, index > 0 ? index : lua_absindex(L, index), 0);
}

void push_value(lua_State* L, const Value& value) {
  std::visit(Pusher{L}, value.held);
}

bool push_value_protected(lua_State* L, const Value& value) {
  if (takes_no_memory(value)) {
    push_value(L, value);
    return true;
  }
  lua_pushcfunction(L, [](lua_State* state) {
    push_value(state, *static_cast<const Value*>(lua_touserdata(state, 1)));
    return 1;
  });
  lua_pushlightuserdata(L, const_cast<Value*>(&value));
  return lua_pcall(L, 1, 1, 0) == LUA_OK;
}

}  // namespace simws::lua
