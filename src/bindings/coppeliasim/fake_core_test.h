// A simulator of a few hundred lines: stacks of values, scripts that are C++ functions, a log. What
// would be a failed call in the real one is noted, for within a script's call it would become that
// script's error.
#pragma once

#include "bindings/coppeliasim/simulator.h"

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace simws::coppeliasim::test {

struct Item;
struct Text {
  std::string bytes;
  bool is_buffer = false;
};
struct Table {
  std::vector<std::pair<Item, Item>> entries;
  bool is_list = true;
  bool is_circular = false;
};
struct Func {};
struct Unknown {};

struct Item {
  std::variant<std::monostate, bool, std::int64_t, double, Text, Table, Func, Unknown> held;

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&held);
  }
};
using Items = std::vector<Item>;

inline Item text(std::string bytes) {
  return {Text{std::move(bytes)}};
}
inline Item number(std::int64_t value) {
  return {value};
}
inline Item map_of(std::vector<std::pair<std::string, Item>> entries) {
  Table table;
  table.is_list = entries.empty();
  for (auto& [key, value] : entries) table.entries.emplace_back(text(key), std::move(value));
  return {table};
}
inline Item list_of(Items items) {
  Table table;
  for (Item& item : items) {
    table.entries.emplace_back(number(static_cast<std::int64_t>(table.entries.size()) + 1),
                               std::move(item));
  }
  return {table};
}
// "nil", "true", "3", "3.5", "'text'", "buffer 'text'", "{1, 2}", "{a=1}".
inline std::string show(const Item& item);
inline std::string show(const Items& items) {
  std::string shown;
  for (const Item& item : items) shown += (shown.empty() ? "" : ", ") + show(item);
  return shown;
}
inline std::string show(const Item& item) {
  if (const auto* flag = item.as<bool>()) return *flag ? "true" : "false";
  if (const auto* integer = item.as<std::int64_t>()) return std::to_string(*integer);
  if (const auto* real = item.as<double>()) return std::to_string(*real);
  if (const auto* held = item.as<Text>()) {
    return (held->is_buffer ? "buffer '" : "'") + held->bytes + "'";
  }
  if (const auto* table = item.as<Table>()) {
    std::string shown;
    for (const auto& [key, value] : table->entries) {
      const auto* name = key.as<Text>();
      shown += (shown.empty() ? "" : ", ") + (name ? name->bytes + "=" : "") + show(value);
    }
    return "{" + shown + "}";
  }
  return "nil";
}

// One at a time, as the simulator's functions carry no pointer.
class FakeCore {
 public:
  // A script's function: takes the stack's items, and leaves its results. False: it has failed.
  using Function = std::function<bool(Items&)>;

  explicit FakeCore(int version = 4090006) : version_(version) { current = this; }
  ~FakeCore() { current = nullptr; }
  FakeCore(const FakeCore&) = delete;
  FakeCore& operator=(const FakeCore&) = delete;

  Simulator simulator();

  // Calls a registered function as a script would. The results, or {} with `error` set.
  Items call(int script, const std::string& name, Items arguments) {
    const int stack = next_++;
    stacks[stack] = std::move(arguments);
    error.clear();
    ScriptCall made{-1, script, stack, 0, nullptr, nullptr, 0};
    registered.at(name)(&made);
    Items results = std::move(stacks[stack]);
    stacks.erase(stack);
    return results;
  }

  std::map<int, Items> stacks;
  std::map<std::string, ScriptFunction> registered;
  std::vector<std::pair<std::string, std::string>> variables;
  std::map<int, std::map<std::string, Function>> scripts;
  std::map<int, int> script_types;
  std::map<std::string, std::string> named_parameters;
  std::vector<std::string> log;
  std::vector<std::string> failures;
  int unfolded = 0;  // tables
  std::string error;
  std::string last_error;
  int scene = 1;

 private:
  static char* copy(const std::string& bytes) {
    char* const made = new char[bytes.size() + 1];
    std::memcpy(made, bytes.c_str(), bytes.size() + 1);
    return made;
  }
  static Items& items(int stack) { return current->stacks.at(stack); }
  static int fail(const std::string& what) {
    current->failures.push_back(what);
    return -1;
  }
  template <typename T, typename Out>
  static int get(int stack, Out* out) {
    if (items(stack).empty()) return fail("get of an empty stack");
    const auto* value = items(stack).back().as<T>();
    if (value) *out = *value;
    return value ? 1 : 0;
  }
  template <typename T>
  static int push(int stack, T value) {
    items(stack).push_back({std::move(value)});
    return 1;
  }
  static int call_function(int script, const char* name, int stack);
  static int item_type(int stack, int index);
  static int insert(int stack);
  static int unfold(int stack);

  static inline FakeCore* current = nullptr;
  const int version_;
  int next_ = 1;
};

inline int FakeCore::call_function(int script, const char* name, int stack) {
  const auto found = current->scripts.find(script & 0xfffff);
  const bool is_silent = (script & silent) != 0;
  if (found == current->scripts.end()) return fail("call of an unknown script");
  const auto function = found->second.find(name);
  if (function == found->second.end()) {
    current->last_error = "failed calling script function.";
    if (!is_silent) current->log.push_back("simulator: no " + std::string(name));
    return -1;
  }
  const Function run = function->second;
  if (run(items(stack))) return 0;
  current->last_error = "error in script function.";
  return -1;
}

inline int FakeCore::item_type(int stack, int index) {
  const Items& held = items(stack);
  const auto size = static_cast<int>(held.size());
  if (index < 0) index += size;
  if (index < 0 || index >= size) return fail("type of no item");
  constexpr int types[] = {
      stack_item::null,   stack_item::boolean, stack_item::integer,  stack_item::floating,
      stack_item::string, stack_item::table,   stack_item::function, 1003};
  return types[held[static_cast<std::size_t>(index)].held.index()];
}

inline int FakeCore::insert(int stack) {
  Items& held = items(stack);
  if (held.size() < 3 || !held[held.size() - 3].as<Table>()) return fail("insert without table");
  Item value = std::move(held.back());
  held.pop_back();
  Item key = std::move(held.back());
  held.pop_back();
  auto& table = std::get<Table>(held.back().held);
  table.is_list = table.is_list && key.as<std::int64_t>();
  table.entries.emplace_back(std::move(key), std::move(value));
  return 1;
}

inline int FakeCore::unfold(int stack) {
  Items& held = items(stack);
  if (held.empty() || !held.back().as<Table>()) return fail("unfold of no table");
  ++current->unfolded;
  Table table = std::get<Table>(std::move(held.back().held));
  held.pop_back();
  for (auto& [key, value] : table.entries) {
    held.push_back(std::move(key));
    held.push_back(std::move(value));
  }
  return 1;
}

inline Simulator FakeCore::simulator() {
  Simulator made{};
  made.version = version_;
  made.add_log = [](const char*, int verbosity, const char* line) {
    current->log.push_back(std::to_string(verbosity) + " " + line);
    return 1;
  };
  made.set_last_error = [](const char*, const char* message) {
    current->error = message;
    return 1;
  };
  made.get_last_error = [] { return copy(current->last_error); };
  made.release_buffer = [](const void* buffer) {
    delete[] static_cast<const char*>(buffer);
    return 1;
  };
  made.get_int32_param = [](int parameter, int* value) {
    *value = parameter == parameter::scene     ? current->scene
             : parameter == parameter::version ? current->version_
                                               : 2;
    return 1;
  };
  made.get_named_string_param = [](const char* name, int*) {
    const auto found = current->named_parameters.find(name);
    return found == current->named_parameters.end() ? nullptr : copy(found->second);
  };
  made.set_named_string_param = [](const char* name, const char* value, int length) {
    current->named_parameters[name].assign(value, static_cast<std::size_t>(length));
    return 1;
  };
  made.register_script_callback_function = [](const char* name, const char*, ScriptFunction made_) {
    current->registered[name] = made_;
    return 1;
  };
  made.register_script_variable = [](const char* name, const char* value, int) {
    current->variables.emplace_back(name, value);
    return 1;
  };
  made.call_script_function_ex = call_function;
  made.get_script_int32_param = [](int script, int, int* value) {
    *value = current->script_types[script];
    return 1;
  };
  made.get_script_string_param = [](int script, int, int*) {
    return copy("script" + std::to_string(script));
  };

  made.create_stack = [] {
    current->stacks[current->next_];
    return current->next_++;
  };
  made.release_stack = [](int stack) {
    return current->stacks.erase(stack) == 1 ? 1 : fail("release of an unknown stack");
  };
  made.get_stack_size = [](int stack) { return static_cast<int>(items(stack).size()); };
  made.pop_stack_item = [](int stack, int count) {
    Items& held = items(stack);
    if (static_cast<std::size_t>(count) > held.size()) return fail("pop of too many items");
    held.resize(count == 0 ? 0 : held.size() - static_cast<std::size_t>(count));
    return static_cast<int>(held.size());
  };
  made.move_stack_item_to_top = [](int stack, int index) {
    Items& held = items(stack);
    if (static_cast<std::size_t>(index) >= held.size()) return fail("move of no item");
    Item moved = std::move(held[static_cast<std::size_t>(index)]);
    held.erase(held.begin() + index);
    held.push_back(std::move(moved));
    return 1;
  };
  made.get_stack_item_type = item_type;
  made.get_stack_bool_value = get<bool, bool>;
  made.get_stack_int64_value = get<std::int64_t, long long>;
  made.get_stack_double_value = get<double, double>;
  made.get_stack_string_value = [](int stack, int* size) -> char* {
    const auto* held = items(stack).back().as<Text>();
    *size = held ? static_cast<int>(held->bytes.size()) : 0;
    return held ? copy(held->bytes) : nullptr;
  };
  made.get_stack_table_info = [](int stack, int) {
    const auto* table = items(stack).back().as<Table>();
    if (!table) return fail("info of no table");
    if (table->is_circular) return table_kind::circular;
    return table->is_list ? static_cast<int>(table->entries.size()) : table_kind::map;
  };
  made.unfold_stack_table = unfold;
  made.push_null_onto_stack = [](int stack) { return push(stack, std::monostate()); };
  made.push_bool_onto_stack = [](int stack, bool value) { return push(stack, value); };
  made.push_int64_onto_stack = [](int stack, long long value) {
    return push(stack, static_cast<std::int64_t>(value));
  };
  made.push_double_onto_stack = [](int stack, double value) { return push(stack, value); };
  made.push_string_onto_stack = [](int stack, const char* value, int size) {
    return push(stack, Text{size == 0 ? std::string(value)
                                      : std::string(value, static_cast<std::size_t>(size))});
  };
  made.push_buffer_onto_stack = [](int stack, const char* value, int size) {
    return push(stack, Text{std::string(value, static_cast<std::size_t>(size)), true});
  };
  made.push_table_onto_stack = [](int stack) { return push(stack, Table{}); };
  made.insert_data_into_stack_table = insert;
  return made;
}

}  // namespace simws::coppeliasim::test
