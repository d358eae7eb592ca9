// The functions of the core on value stacks.
#include "stacks.h"
#include "strict.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace simhost;

Items& stack_at(const char* function, int handle) {
  check_use(function);
  return stacks().at(function, handle);
}

int push(const char* function, int handle, Item item) {
  stack_at(function, handle).push_back(std::move(item));
  return 1;
}

int push_text(const char* function, int handle, const char* value, int size, TextKind kind) {
  if (size < 0) misuse(function, "a size below 0");
  if (!value) misuse(function, "no text");
  return push(function, handle, {Text{{value, static_cast<std::size_t>(size)}, kind}});
}

int push_c_string(const char* function, int handle, const char* value) {
  if (!value) misuse(function, "no text");
  return push_text(function, handle, value, static_cast<int>(std::strlen(value)), TextKind::text);
}

const Item& top(const char* function, int handle) {
  const Items& items = stack_at(function, handle);
  if (items.empty()) misuse(function, "the stack is empty");
  return items.back();
}

const Item& item_at(const char* function, int handle, int index) {
  const Items& items = stack_at(function, handle);
  const int size = static_cast<int>(items.size());
  if (index < 0) index += size;
  if (index < 0 || index >= size) misuse(function, "no item at this index");
  return items[static_cast<std::size_t>(index)];
}

// Near-integers count as what they nearly are.
bool integer_of(const Item& item, std::int64_t& value) {
  if (const auto* integer = item.as<std::int64_t>()) {
    value = *integer;
    return true;
  }
  const auto* number = item.as<double>();
  if (!number) return false;
  value = static_cast<std::int64_t>(*number + (*number >= 0 ? 0.1 : -0.1));
  return true;
}

bool holds_only(const Table& table, int info) {
  constexpr ItemType types[] = {item_null, item_double, item_bool, item_string, item_table};
  return info >= 1 && info <= 5 && std::ranges::all_of(table.entries, [&](const Entry& entry) {
           const ItemType type = type_of(entry.value);
           return type == types[info - 1] || (info == 2 && type == item_integer);
         });
}

int table_info(const Item& item, int info) {
  if (const auto* text = item.as<Text>()) {
    return info == 0 ? static_cast<int>(text->bytes.size()) : 0;
  }
  const auto* table = item.as<Table>();
  if (!table) return table_none;
  if (info != 0) return holds_only(*table, info) ? 1 : 0;
  if (table->is_circular) return table_circular;
  return table->is_array ? static_cast<int>(table->entries.size()) : int{table_map};
}

// Text unfolds like a table of its bytes.
Table table_of(const Text& text) {
  Table table;
  for (const char byte : text.bytes) {
    Entry& entry = table.entries.emplace_back();
    entry.key.held = static_cast<std::int64_t>(table.entries.size());
    entry.value.held = std::int64_t{static_cast<unsigned char>(byte)};
  }
  return table;
}

}  // namespace

SIMHOST_EXPORT int simCreateStack() {
  check_use(__func__);
  return stacks().create(Stacks::Owner::plugin);
}

SIMHOST_EXPORT int simReleaseStack(int stack) {
  check_use(__func__);
  stacks().release(__func__, stack, Stacks::Owner::plugin);
  return 1;
}

SIMHOST_EXPORT int simCopyStack(int stack) {
  const Items items = stack_at(__func__, stack);
  const int copy = stacks().create(Stacks::Owner::plugin);
  stacks().at(__func__, copy) = items;
  return copy;
}

SIMHOST_EXPORT int simPushNullOntoStack(int stack) {
  return push(__func__, stack, {});
}

SIMHOST_EXPORT int simPushBoolOntoStack(int stack, bool value) {
  return push(__func__, stack, {value});
}

SIMHOST_EXPORT int simPushInt32OntoStack(int stack, int value) {
  return push(__func__, stack, {std::int64_t{value}});
}

SIMHOST_EXPORT int simPushInt64OntoStack(int stack, std::int64_t value) {
  return push(__func__, stack, {value});
}

SIMHOST_EXPORT int simPushFloatOntoStack(int stack, float value) {
  return push(__func__, stack, {double{value}});
}

SIMHOST_EXPORT int simPushDoubleOntoStack(int stack, double value) {
  return push(__func__, stack, {value});
}

SIMHOST_EXPORT int simPushTextOntoStack(int stack, const char* value) {
  return push_c_string(__func__, stack, value);
}

// A size of 0 means: up to the NUL.
SIMHOST_EXPORT int simPushStringOntoStack(int stack, const char* value, int size) {
  if (size == 0) return push_c_string(__func__, stack, value);
  return push_text(__func__, stack, value, size, TextKind::binary);
}

SIMHOST_EXPORT int simPushBufferOntoStack(int stack, const char* value, int size) {
  return push_text(__func__, stack, value, size, TextKind::buffer);
}

SIMHOST_EXPORT int simPushTableOntoStack(int stack) {
  return push(__func__, stack, {Table{}});
}

SIMHOST_EXPORT int simInsertDataIntoStackTable(int stack) {
  Items& items = stack_at(__func__, stack);
  if (items.size() < 3) misuse(__func__, "needs a table, a key and a value");
  Item value = std::move(items.back());
  items.pop_back();
  Item key = std::move(items.back());
  items.pop_back();
  auto* const table = std::get_if<Table>(&items.back().held);
  if (!table) misuse(__func__, "below key and value is no table");
  if (!can_be_key(key)) misuse(__func__, "this can't be a key");
  insert(*table, std::move(key), std::move(value));
  return 1;
}

SIMHOST_EXPORT int simGetStackSize(int stack) {
  return static_cast<int>(stack_at(__func__, stack).size());
}

SIMHOST_EXPORT int simPopStackItem(int stack, int count) {
  Items& items = stack_at(__func__, stack);
  if (count < 0 || count > static_cast<int>(items.size()))
    misuse(__func__, "so many items aren't there");
  items.resize(count == 0 ? 0 : items.size() - static_cast<std::size_t>(count));
  return static_cast<int>(items.size());
}

SIMHOST_EXPORT int simMoveStackItemToTop(int stack, int index) {
  static_cast<void>(item_at(__func__, stack, index));
  Items& items = stack_at(__func__, stack);
  const auto from = index < 0 ? items.end() + index : items.begin() + index;
  std::rotate(from, from + 1, items.end());
  return 1;
}

SIMHOST_EXPORT int simGetStackItemType(int stack, int index) {
  return type_of(item_at(__func__, stack, index));
}

SIMHOST_EXPORT int simGetStackStringType(int stack, int index) {
  const auto* text = item_at(__func__, stack, index).as<Text>();
  if (!text) misuse(__func__, "no text at this index");
  return static_cast<int>(text->kind);
}

SIMHOST_EXPORT int simIsStackValueNull(int stack) {
  return type_of(top(__func__, stack)) == item_null ? 1 : 0;
}

SIMHOST_EXPORT int simGetStackBoolValue(int stack, bool* value) {
  const auto* flag = top(__func__, stack).as<bool>();
  if (flag) *value = *flag;
  return flag ? 1 : 0;
}

SIMHOST_EXPORT int simGetStackInt32Value(int stack, int* value) {
  std::int64_t wide = 0;
  if (!integer_of(top(__func__, stack), wide)) return 0;
  *value = static_cast<int>(wide);
  return 1;
}

SIMHOST_EXPORT int simGetStackInt64Value(int stack, std::int64_t* value) {
  return integer_of(top(__func__, stack), *value) ? 1 : 0;
}

SIMHOST_EXPORT int simGetStackDoubleValue(int stack, double* value) {
  const Item& item = top(__func__, stack);
  if (const auto* number = item.as<double>()) {
    *value = *number;
  } else if (const auto* integer = item.as<std::int64_t>()) {
    *value = static_cast<double>(*integer);
  } else {
    return 0;
  }
  return 1;
}

SIMHOST_EXPORT char* simGetStackStringValue(int stack, int* size) {
  const auto* text = top(__func__, stack).as<Text>();
  if (size) *size = text ? static_cast<int>(text->bytes.size()) : 0;
  return text ? buffers().copy(text->bytes) : nullptr;
}

SIMHOST_EXPORT int simGetStackTableInfo(int stack, int info) {
  return table_info(top(__func__, stack), info);
}

SIMHOST_EXPORT int simUnfoldStackTable(int stack) {
  Items& items = stack_at(__func__, stack);
  if (items.empty()) misuse(__func__, "the stack is empty");
  Item folded = std::move(items.back());
  const auto* text = folded.as<Text>();
  if (!text && !folded.as<Table>()) misuse(__func__, "the top item is no table");
  Table table = text ? table_of(*text) : std::move(std::get<Table>(folded.held));
  items.pop_back();
  for (Entry& entry : table.entries) {
    items.push_back(std::move(entry.key));
    items.push_back(std::move(entry.value));
  }
  return 1;
}

SIMHOST_EXPORT int simReleaseBuffer(const char* buffer) {
  check_use(__func__);
  buffers().release(__func__, buffer);
  return 1;
}
