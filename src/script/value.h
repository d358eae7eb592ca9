// Values as every script language has them: what functions and callbacks take and return.
#pragma once

#include "base/buffer.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace simws::script {

// Whether the language says what kind of data it is: Python's str and bytes do, Lua's strings
// don't. `handle`: text of ours that a script gets again and again, and that a NUL follows.
enum class DataKind : std::uint8_t { unknown, text, binary, handle };

// Borrowed from the language, or from the event, for the time of the call.
struct Data {
  std::string_view bytes;
  DataKind kind = DataKind::unknown;
  Buffer* memory = nullptr;  // of a large message: where they lie, and nobody else needs it

  // The language has made its own of them: they end here, where they have a memory to give back.
  void let_go() const {
    if (memory) memory->release();
  }
};

// A function of the script. What `key` means is the engine's own: a place on its stack or in its
// registry, an object.
struct Function {
  std::intptr_t key = 0;
};

// One of more than 64 bits, which none that is asked for may have; its digits, for the error.
struct LargeInteger {
  std::string_view digits;

  bool is_negative() const { return digits.starts_with('-'); }
};

// Anything that can't be an argument; its type's name, for the error.
struct Opaque {
  std::string_view type;
};

struct Value;
struct MapEntry;
using List = std::vector<Value>;
// In the order of the language's own iteration; keys are strings.
using Map = std::vector<MapEntry>;

// Nil, numbers, Data and Function take no memory, so a call that has only those allocates none.
struct Value {
  std::variant<std::monostate, bool, std::int64_t, double, Data, std::string, List, Map, Function,
               LargeInteger, Opaque>
      held;

  bool is_nil() const { return held.index() == 0; }
  bool owns_memory() const { return as<std::string>() || as<List>() || as<Map>(); }

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&held);
  }

  // Of Data and owned strings.
  std::optional<std::string_view> text() const {
    if (const auto* data = as<Data>()) return data->bytes;
    if (const auto* owned = as<std::string>()) return *owned;
    return std::nullopt;
  }
};

struct MapEntry {
  std::string key;
  Value value;
};

inline Value data_value(std::string_view bytes, DataKind kind = DataKind::unknown,
                        Buffer* memory = nullptr) {
  return {Data{bytes, kind, memory}};
}

// What one argument may hold: lists and maps may hold each other without end.
inline constexpr std::size_t most_values = 10'000;
inline constexpr int deepest_nesting = 16;

// Counts the values of one argument, before they are copied.
class ValueRoom {
 public:
  // False, from then on: there are too many.
  bool take(std::size_t count) {
    left_ -= std::min(left_, count);
    return left_ > 0;
  }
  bool is_used_up() const { return left_ == 0; }

 private:
  std::size_t left_ = most_values;
};

template <typename Integer>
Value integer_value(Integer number) {
  return {static_cast<std::int64_t>(number)};
}

}  // namespace simws::script
