// What the value stacks between scripts and plugins hold.
#pragma once

#include "interface.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace simhost {

enum class TextKind : std::uint8_t { text, binary, buffer };

struct Text {
  std::string bytes;
  TextKind kind = TextKind::text;
};

struct Entry;

// An array as long as keys come as 1, 2, 3…; a map otherwise. Entries are in the order of
// insertion.
struct Table {
  bool is_array = true;
  bool is_circular = false;
  std::vector<Entry> entries;
};

struct Item {
  std::variant<std::monostate, double, bool, Text, Table, std::int64_t> held;

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&held);
  }
};

struct Entry {
  Item key;
  Item value;
};

using Items = std::vector<Item>;

ItemType type_of(const Item& item);
// Takes numbers, booleans and text for keys.
bool can_be_key(const Item& item);
void insert(Table& table, Item key, Item value);

}  // namespace simhost
