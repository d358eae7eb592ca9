#include "bindings/coppeliasim/stack.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace simws::coppeliasim {

namespace {

using script::Data;
using script::List;
using script::Map;
using script::MapEntry;
using script::Opaque;
using script::Value;
using script::ValueRoom;

constexpr std::string_view too_many = "table of more than 10000 values";
static_assert(script::most_values == 10'000);

constexpr std::size_t longest_text = std::numeric_limits<int>::max();

}  // namespace

std::size_t Stack::size() const {
  return static_cast<std::size_t>(std::max(simulator_.get_stack_size(handle_), 0));
}

int Stack::top_type() const {
  return simulator_.get_stack_item_type(handle_, -1);
}

Value Stack::take_first(HeldTexts& held) const {
  simulator_.move_stack_item_to_top(handle_, 0);
  if (top_type() != stack_item::string) return take_whole();
  int length = 0;
  const char* const text = simulator_.get_stack_string_value(handle_, &length);
  pop();
  if (!text) return script::data_value({});
  held.hold(text);
  return script::data_value({text, static_cast<std::size_t>(length)});
}

Value Stack::take_first() const {
  simulator_.move_stack_item_to_top(handle_, 0);
  return take_whole();
}

Value Stack::take_whole() const {
  ValueRoom room;
  Value value = take_top(0, room);
  return room.is_used_up() ? Value{Opaque{too_many}} : std::move(value);
}

Value Stack::owned_text() const {
  int length = 0;
  char* const text = simulator_.get_stack_string_value(handle_, &length);
  if (!text) return {std::string()};
  Value value{std::string(text, static_cast<std::size_t>(length))};
  simulator_.release_buffer(text);
  return value;
}

// Everything but a table is popped after it has been read.
Value Stack::take_top(int depth, ValueRoom& room) const {
  const int type = top_type();
  if (type == stack_item::table) return take_table(depth, room);
  Value value;
  switch (type) {
    case stack_item::null:
      break;
    case stack_item::boolean: {
      bool flag = false;
      simulator_.get_stack_bool_value(handle_, &flag);
      value = {flag};
      break;
    }
    case stack_item::integer: {
      long long number = 0;
      simulator_.get_stack_int64_value(handle_, &number);
      value = {static_cast<std::int64_t>(number)};
      break;
    }
    case stack_item::floating: {
      double number = 0;
      simulator_.get_stack_double_value(handle_, &number);
      value = {number};
      break;
    }
    case stack_item::string:
      value = owned_text();
      break;
    case stack_item::function:
      value = {Opaque{"function"}};
      break;
    default:
      value = {Opaque{"a value of another kind"}};
  }
  pop();
  return value;
}

// An unfolded table leaves its keys and values, a list's too.
Value Stack::take_table(int depth, ValueRoom& room) const {
  const int kind = simulator_.get_stack_table_info(handle_, 0);
  const bool is_map = kind == table_kind::map;
  if (depth == script::deepest_nesting || (kind < 0 && !is_map)) {
    pop();
    return {Opaque{"deeply nested table"}};
  }
  if (room.is_used_up() || (!is_map && !room.take(static_cast<std::size_t>(kind) + 1))) {
    pop();
    return {};
  }
  const std::size_t below = size() - 1;
  simulator_.unfold_stack_table(handle_);
  const std::size_t count = (size() - below) / 2;
  if (is_map && !room.take(count + 1)) {
    if (count > 0) simulator_.pop_stack_item(handle_, static_cast<int>(2 * count));  // 0: all
    return {};
  }
  return take_entries(count, is_map, depth + 1, room);
}

// From the last to the first, as they lie.
Value Stack::take_entries(std::size_t count, bool is_map, int depth, ValueRoom& room) const {
  Map map(is_map ? count : 0);
  List list(is_map ? 0 : count);
  bool has_other_keys = false;
  while (count-- > 0) {
    Value value = take_top(depth, room);
    Value key = take_top(depth, room);
    if (!is_map) {
      list[count] = std::move(value);
    } else if (auto* const name = std::get_if<std::string>(&key.held)) {
      map[count] = {std::move(*name), std::move(value)};
    } else {
      has_other_keys = true;
    }
  }
  if (has_other_keys) return {Opaque{"table with mixed keys"}};
  return is_map ? Value{std::move(map)} : Value{std::move(list)};
}

bool Stack::push_text(std::string_view text) const {
  if (text.size() > longest_text) {
    simulator_.push_null_onto_stack(handle_);
    return false;
  }
  // 0 would mean: up to the NUL.
  const char* const bytes = text.empty() ? "" : text.data();
  simulator_.push_string_onto_stack(handle_, bytes, static_cast<int>(text.size()));
  return true;
}

bool Stack::push_data(std::string_view bytes) const {
  if (!simulator_.gives_buffers() || bytes.size() > longest_text) return push_text(bytes);
  const char* const data = bytes.empty() ? "" : bytes.data();
  simulator_.push_buffer_onto_stack(handle_, data, static_cast<int>(bytes.size()));
  return true;
}

bool Stack::push(const Value& value) const {
  if (const auto text = value.text()) return push_text(*text);
  bool is_whole = true;
  if (const auto* flag = value.as<bool>()) {
    simulator_.push_bool_onto_stack(handle_, *flag);
  } else if (const auto* integer = value.as<std::int64_t>()) {
    simulator_.push_int64_onto_stack(handle_, *integer);
  } else if (const auto* number = value.as<double>()) {
    simulator_.push_double_onto_stack(handle_, *number);
  } else if (const auto* list = value.as<List>()) {
    simulator_.push_table_onto_stack(handle_);
    long long index = 0;
    for (const Value& item : *list) {
      simulator_.push_int64_onto_stack(handle_, ++index);
      is_whole = push(item) && is_whole;
      simulator_.insert_data_into_stack_table(handle_);
    }
  } else if (const auto* map = value.as<Map>()) {
    simulator_.push_table_onto_stack(handle_);
    for (const MapEntry& entry : *map) {
      push_text(entry.key);
      is_whole = push(entry.value) && is_whole;
      simulator_.insert_data_into_stack_table(handle_);
    }
  } else {
    simulator_.push_null_onto_stack(handle_);
  }
  return is_whole;
}

}  // namespace simws::coppeliasim
