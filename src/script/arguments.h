// The arguments of one call, checked against the function's row.
#pragma once

#include "script/function_table.h"
#include "script/value.h"
#include "script/words.h"

#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <vector>

namespace simws::script {

// The values of a call, made in place one after the other: what isn't given costs nothing.
class ArgumentList {
 public:
  ArgumentList() = default;
  ~ArgumentList() {
    for (Value& value : values()) {
      if (value.owns_memory()) std::destroy_at(&value);
    }
  }
  ArgumentList(const ArgumentList&) = delete;
  ArgumentList& operator=(const ArgumentList&) = delete;

  // REQUIRES: there are less than max_parameters.
  template <typename Make>
  void add(Make make) {
    ::new (static_cast<void*>(room_ + count_ * sizeof(Value))) Value(make());
    ++count_;
  }
  std::span<Value> values() { return {std::launder(reinterpret_cast<Value*>(room_)), count_}; }

 private:
  alignas(Value) std::byte room_[max_parameters * sizeof(Value)];
  std::size_t count_ = 0;
};

// What the implementations in Api read. An argument that isn't given is nil.
class Arguments {
 public:
  // REQUIRES: check_arguments has approved of them.
  explicit Arguments(std::span<const Value> values) : values_(values) {}

  const Value& operator[](std::size_t index) const {
    static constexpr Value nil{};
    return index < values_.size() ? values_[index] : nil;
  }

  bool has(std::size_t index) const { return !(*this)[index].is_nil(); }
  // REQUIRES: the parameter is a text, data or handle, and given.
  Data data(std::size_t index) const;
  std::string_view text(std::size_t index) const { return data(index).bytes; }
  // The nearest there is for one of more than 64 bits.
  std::int64_t integer(std::size_t index, std::int64_t otherwise) const;
  double number(std::size_t index, double otherwise) const;
  // Of a list of strings; empty: it's not given. They live as long as the values.
  std::vector<std::string_view> texts(std::size_t index) const;
  // Of a map of options; null when it's not given.
  const Value* option(std::size_t index, std::string_view key) const;
  bool flag(std::size_t index, std::string_view key, bool otherwise) const;

 private:
  std::span<const Value> values_;
};

// Whether a call with `given` arguments may be; `values` are those that the function has parameters
// for. Whole floats become integers. Errors name the parameter, the value and what is expected:
// invalid_type for wrong types and counts, else invalid_argument.
Result<void> check_arguments(const Signature& signature, std::size_t given, std::span<Value> values,
                             const Words& words = table_words());

// Whether `value` may be one of `row`, for the option as an argument or a named parameter called
// `name`. As above.
Result<void> check_option(const OptionRow& row, std::string_view name, Value& value,
                          const Words& words = table_words());

}  // namespace simws::script
