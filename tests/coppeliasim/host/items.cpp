#include "items.h"

#include <cmath>
#include <utility>

namespace simhost {

namespace {

bool is_next_index(const Table& table, const Item& key) {
  const auto next = static_cast<std::int64_t>(table.entries.size()) + 1;
  if (const auto* integer = key.as<std::int64_t>()) return *integer == next;
  const auto* number = key.as<double>();
  return number && *number == static_cast<double>(next);
}

bool is_same_key(const Item& a, const Item& b) {
  if (a.held.index() != b.held.index()) return false;
  if (const auto* text = a.as<Text>()) return text->bytes == b.as<Text>()->bytes;
  if (const auto* integer = a.as<std::int64_t>()) return *integer == *b.as<std::int64_t>();
  if (const auto* flag = a.as<bool>()) return *flag == *b.as<bool>();
  const auto* number = a.as<double>();
  return number && *number == *b.as<double>();
}

}  // namespace

ItemType type_of(const Item& item) {
  constexpr ItemType types[] = {item_null,   item_double, item_bool,
                                item_string, item_table,  item_integer};
  return types[item.held.index()];
}

bool can_be_key(const Item& item) {
  return !std::holds_alternative<std::monostate>(item.held) && !item.as<Table>();
}

void insert(Table& table, Item key, Item value) {
  if (!table.is_array || !is_next_index(table, key)) table.is_array = false;
  if (!table.is_array) {
    for (Entry& entry : table.entries) {
      if (!is_same_key(entry.key, key)) continue;
      entry.value = std::move(value);
      return;
    }
  }
  table.entries.push_back({std::move(key), std::move(value)});
}

}  // namespace simhost
