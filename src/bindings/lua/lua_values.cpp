#include "bindings/lua/lua_values.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace simws::lua {

namespace {

using script::Data;
using script::Function;
using script::List;
using script::Map;
using script::Opaque;
using script::Value;

constexpr std::string_view too_many = "table of more than 10000 values";
static_assert(script::most_values == 10'000);

constexpr int stack_room = 8;  // per level of nested tables

std::string_view string_at(lua_State* L, int index) {
  std::size_t length = 0;
  const char* const text = lua_tolstring(L, index, &length);
  return {text, length};
}

// What isn't a table.
Value plain_value(lua_State* L, int index, int type) {
  switch (type) {
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
      return {Function{lua_absindex(L, index)}};
    default:
      return {Opaque{lua_typename(L, type)}};
  }
}

struct Keys {
  std::size_t all = 0;
  std::size_t strings = 0;
};

// Reads one value.
class Reader {
 public:
  explicit Reader(lua_State* L) : L_(L) {}

  Value read(int index) {
    Value value = value_at(index, 0);
    if (room_.is_used_up()) return {Opaque{too_many}};
    return value;
  }

 private:
  Value value_at(int index, int depth);
  Value table_value(int table, int depth);
  Keys count_keys(int table) const;
  Map map_of(int table, std::size_t size, int depth);
  List list_of(int table, std::size_t size, int depth);

  lua_State* const L_;
  script::ValueRoom room_;
};

Value Reader::value_at(int index, int depth) {
  const int type = lua_type(L_, index);
  return type == LUA_TTABLE ? table_value(index, depth) : plain_value(L_, index, type);
}

// No further than a table may go.
Keys Reader::count_keys(int table) const {
  Keys keys;
  lua_pushnil(L_);
  while (lua_next(L_, table) != 0) {
    ++keys.all;
    if (lua_type(L_, -2) == LUA_TSTRING) ++keys.strings;
    const bool is_too_large = keys.all > script::most_values;
    lua_pop(L_, is_too_large ? 2 : 1);
    if (is_too_large) break;
  }
  return keys;
}

Map Reader::map_of(int table, std::size_t size, int depth) {
  Map map;
  map.reserve(size);
  lua_pushnil(L_);
  while (lua_next(L_, table) != 0) {
    map.push_back({std::string(string_at(L_, -2)), value_at(lua_gettop(L_), depth)});
    lua_pop(L_, 1);
  }
  return map;
}

List Reader::list_of(int table, std::size_t size, int depth) {
  List list;
  list.reserve(size);
  for (std::size_t i = 1; i <= size; ++i) {
    lua_rawgeti(L_, table, static_cast<lua_Integer>(i));
    list.push_back(value_at(lua_gettop(L_), depth));
    lua_pop(L_, 1);
  }
  return list;
}

Value Reader::table_value(int table, int depth) {
  if (room_.is_used_up()) return {};
  if (depth == script::deepest_nesting || lua_checkstack(L_, stack_room) == 0) {
    return {Opaque{"deeply nested table"}};
  }
  const Keys keys = count_keys(table);
  if (!room_.take(keys.all + 1)) return {};
  if (keys.strings == keys.all) return {map_of(table, keys.all, depth + 1)};
  if (keys.strings == 0 && keys.all == lua_rawlen(L_, table)) {
    return {list_of(table, keys.all, depth + 1)};
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
  void operator()(const Data& value) const {
    // Lua remembers what it has of C strings by their place.
    if (value.kind == script::DataKind::handle) {
      lua_pushstring(L, value.bytes.data());
    } else {
      push_text(L, value.bytes);
      value.let_go();
    }
  }
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
  const int type = lua_type(L, index);
  if (type != LUA_TTABLE) return plain_value(L, index, type);
  return Reader(L).read(index > 0 ? index : lua_absindex(L, index));
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
