#include "lua_items.h"

#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

namespace simhost {

namespace {

class Reader {
 public:
  Reader(lua_State* state, Version version) : L(state), version_(version) {}

  Item read(int index) {
    index = lua_absindex(L, index);
    switch (lua_type(L, index)) {
      case LUA_TNIL:
        return {};
      case LUA_TBOOLEAN:
        return {lua_toboolean(L, index) != 0};
      case LUA_TNUMBER:
        if (lua_isinteger(L, index)) return {static_cast<std::int64_t>(lua_tointeger(L, index))};
        return {static_cast<double>(lua_tonumber(L, index))};
      case LUA_TSTRING:
        return {text_at(index, TextKind::binary)};
      case LUA_TTABLE:
        return read_table(index);
      default:
        return {address_of(index)};
    }
  }

 private:
  Text text_at(int index, TextKind kind) {
    std::size_t size = 0;
    const char* const bytes = luaL_tolstring(L, index, &size);
    Text text{{bytes, size}, kind};
    lua_pop(L, 1);
    return text;
  }

  // "<FUNCTION 0x55…>"
  Text address_of(int index) {
    const char* name = "UNKNOWNTYPE";
    switch (lua_type(L, index)) {
      case LUA_TFUNCTION:
        name = "FUNCTION";
        break;
      case LUA_TUSERDATA:
        name = "USERDATA";
        break;
      case LUA_TTHREAD:
        name = "THREAD";
        break;
      case LUA_TLIGHTUSERDATA:
        name = "LIGHTUSERDATA";
        break;
      case LUA_TTABLE:
        name = "METATABLE";
        break;
      default:
        break;
    }
    char text[64];
    std::snprintf(text, sizeof text, "<%s %p>", name, lua_topointer(L, index));
    return {text, TextKind::text};
  }

  bool is_buffer(int index) {
    if (!luaL_callmeta(L, index, "__isbuffer")) return false;
    const bool answer = lua_toboolean(L, -1) != 0;
    lua_pop(L, 1);
    return answer;
  }

  Item read_table(int index) {
    if (is_buffer(index)) return {text_at(index, TextKind::buffer)};
    if (version_ == Version::current && lua_getmetatable(L, index)) {
      lua_pop(L, 1);
      return {address_of(index)};
    }
    const void* const address = lua_topointer(L, index);
    for (const void* const outer : outer_) {
      if (outer == address) return {Table{true, true, {}}};
    }
    luaL_checkstack(L, 4, nullptr);
    outer_.push_back(address);
    Table table = read_entries(index);
    outer_.pop_back();
    return {std::move(table)};
  }

  Table read_entries(int index) {
    Table table;
    if (is_array(index)) {
      for (lua_Integer i = 1; lua_rawgeti(L, index, i) != LUA_TNIL; ++i) {
        table.entries.push_back({{std::int64_t{i}}, read(-1)});
        lua_pop(L, 1);
      }
      lua_pop(L, 1);
      return table;
    }
    table.is_array = false;
    lua_pushnil(L);
    while (lua_next(L, index)) {
      table.entries.push_back({read_key(-2), read(-1)});
      lua_pop(L, 1);
    }
    return table;
  }

  // The keys come as 1, 2, 3… when the table is walked.
  bool is_array(int index) {
    lua_Integer next = 1;
    lua_pushnil(L);
    while (lua_next(L, index)) {
      lua_pop(L, 1);
      if (lua_isinteger(L, -1) && lua_tointeger(L, -1) == next++) continue;
      lua_pop(L, 1);
      return false;
    }
    return true;
  }

  // A key ends at its first NUL.
  Item read_key(int index) {
    Item key = read(index);
    if (!can_be_key(key)) return {address_of(index)};
    if (auto* text = std::get_if<Text>(&key.held))
      text->bytes.resize(std::strlen(text->bytes.c_str()));
    return key;
  }

  lua_State* const L;
  const Version version_;
  std::vector<const void*> outer_;
};

struct Pusher {
  lua_State* L;

  void operator()(std::monostate) const { lua_pushnil(L); }
  void operator()(double value) const { lua_pushnumber(L, value); }
  void operator()(bool value) const { lua_pushboolean(L, value); }
  void operator()(std::int64_t value) const { lua_pushinteger(L, value); }
  void operator()(const Text& text) const {
    const std::size_t size =
        text.kind == TextKind::text ? std::strlen(text.bytes.c_str()) : text.bytes.size();
    if (text.kind == TextKind::buffer) lua_getglobal(L, "tobuffer");
    lua_pushlstring(L, text.bytes.data(), size);
    if (text.kind == TextKind::buffer) lua_call(L, 1, 1);
  }
  void operator()(const Table& table) const {
    luaL_checkstack(L, 4, nullptr);
    lua_newtable(L);
    for (const Entry& entry : table.entries) {
      push_item(L, entry.key);
      push_item(L, entry.value);
      lua_rawset(L, -3);
    }
  }
};

}  // namespace

Item item_at(lua_State* L, int index, Version version) {
  return Reader(L, version).read(index);
}

Items items_from(lua_State* L, int first, int count, Version version) {
  Items items;
  for (int i = 0; i < count; ++i) items.push_back(item_at(L, first + i, version));
  return items;
}

void push_item(lua_State* L, const Item& item) {
  luaL_checkstack(L, 4, nullptr);
  std::visit(Pusher{L}, item.held);
}

}  // namespace simhost
