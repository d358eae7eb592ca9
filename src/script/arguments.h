// The arguments of one call, checked against the function's row.
#pragma once

#include "script/function_table.h"
#include "script/value.h"

#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace simws::script {

// What the implementations in Api read. An argument that isn't given is nil.
class Arguments {
 public:
  // REQUIRES: check_arguments has approved of them.
  explicit Arguments(std::span<const Value, max_parameters> values) : values_(values) {}

  const Value& operator[](std::size_t index) const { return values_[index]; }

  bool has(std::size_t index) const { return !values_[index].is_nil(); }
  // REQUIRES: the parameter is a text, data or handle, and given.
  Data data(std::size_t index) const;
  std::string_view text(std::size_t index) const { return data(index).bytes; }
  std::int64_t integer(std::size_t index, std::int64_t otherwise) const;
  double number(std::size_t index, double otherwise) const;
  // Of a map of options; null when it's not given.
  const Value* option(std::size_t index, std::string_view key) const;
  bool flag(std::size_t index, std::string_view key, bool otherwise) const;

 private:
  std::span<const Value, max_parameters> values_;
};

// Whether a call of `row` with `given` arguments may be; the first of them are `values`, the rest
// nil. Whole floats become integers. Errors name the parameter, the value and what is expected.
Result<void> check_arguments(const FunctionRow& row, std::size_t given,
                             std::span<Value, max_parameters> values);

// Whether `value` may be one of `row`, for the option as an argument or a named parameter called
// `name`. As above.
Result<void> check_option(const OptionRow& row, std::string_view name, Value& value);

}  // namespace simws::script
