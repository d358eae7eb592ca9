#include "script/arguments.h"

#include "script/describe.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace simws::script {

namespace {

Error invalid(std::string message) {
  return {ErrorCode::invalid_argument, std::move(message)};
}
Error invalid_type(std::string message) {
  return {ErrorCode::invalid_type, std::move(message)};
}

// 9000.0 is an integer where one is asked for, as arithmetic easily makes floats of whole numbers.
void make_integer(Value& value) {
  const auto* number = value.as<double>();
  constexpr double limit = 9007199254740992.0;  // 2^53: whole numbers are exact up to here
  if (!number || std::abs(*number) > limit || std::trunc(*number) != *number) return;
  value = integer_value(*number);
}

bool is_integer(const Value& value) {
  return value.as<std::int64_t>() || value.as<LargeInteger>();
}

bool is_text(const Value& value) {
  const auto* data = value.as<Data>();
  return data ? data->kind != DataKind::binary : value.text().has_value();
}

bool is_list_of_texts(const Value& value) {
  if (is_text(value)) return true;
  if (const auto* map = value.as<Map>()) return map->empty();  // an empty table is both
  const auto* list = value.as<List>();
  return list && std::ranges::all_of(*list, is_text);
}

bool is_map(const Value& value) {
  if (const auto* list = value.as<List>()) return list->empty();
  return value.as<Map>();
}

bool is_map_of_texts(const Value& value) {
  const auto* map = value.as<Map>();
  if (!map) return is_map(value);
  return std::ranges::all_of(*map, [](const MapEntry& entry) { return is_text(entry.value); });
}

bool has_type(const Value& value, Type type) {
  switch (type) {
    case Type::boolean:
      return value.as<bool>();
    case Type::integer:
      return is_integer(value);
    case Type::number:
      return value.as<double>() || is_integer(value);
    case Type::data:
      return value.text().has_value();
    case Type::text:
    case Type::server:
    case Type::client:
    case Type::endpoint:
    case Type::connection:
      return is_text(value);
    case Type::callback:
      return value.is_nil() || value.as<Function>() || is_text(value);
    case Type::map:
      return is_map(value);
    case Type::map_of_texts:
      return is_map_of_texts(value);
    case Type::switch_or_map:
      return value.as<bool>() || is_map(value);
    case Type::text_or_map:
      return is_text(value) || is_map(value);
    case Type::texts:
      return is_list_of_texts(value);
    case Type::switch_or_texts:
      return value.as<bool>() || is_list_of_texts(value);
    case Type::map_of_maps:
      return is_map(value);
  }
  return false;
}

std::string expectation(Type type, const Words& words) {
  switch (type) {
    case Type::boolean:
      return std::string(words.boolean);
    case Type::integer:
      return std::string(words.integer);
    case Type::number:
      return std::string(words.number);
    case Type::data:
      return std::string(words.data);
    case Type::callback:
      return "a function or the name of one";
    case Type::map:
      return std::string(words.map);
    case Type::map_of_texts:
      return "a " + std::string(words.map) + " of strings";
    case Type::switch_or_map:
      return std::string(words.yes).append(", ").append(words.no).append(" or a ").append(
          words.map);
    case Type::text_or_map:
      return std::string(words.text).append(" or a ").append(words.map);
    case Type::texts:
      return "a list of strings";
    case Type::switch_or_texts:
      return std::string(words.yes).append(", ").append(words.no).append(" or a list of strings");
    default:
      return std::string(words.text);
  }
}

// What in a list or map isn't as it has to be; null: nothing, or it's neither.
const Value* find_wrong_item(Type type, const Value& value) {
  const bool may_be_list = type == Type::texts || type == Type::switch_or_texts;
  if (const auto* list = value.as<List>(); list && may_be_list) {
    return &*std::ranges::find_if_not(*list, is_text);
  }
  const auto* map = value.as<Map>();
  if (!map || type != Type::map_of_texts) return nullptr;
  return &std::ranges::find_if_not(*map, is_text, &MapEntry::value)->value;
}

std::string expected(Type type, const Words& words) {
  return ": expected " + expectation(type, words);
}

std::string mismatch(Type type, const Value& value, const Words& words) {
  std::string text = expected(type, words);
  text.append(", got ").append(describe(value, words));
  const Value* const item = find_wrong_item(type, value);
  if (item) text.append(" with ").append(describe(*item, words));
  return text;
}

double as_number(const Value& value) {
  if (const auto* integer = value.as<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* large = value.as<LargeInteger>()) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return large->is_negative() ? -infinity : infinity;
  }
  const auto* number = value.as<double>();
  return number ? *number : 0;
}

Result<void> check_range(const OptionRow& row, std::string_view name, const Value& value,
                         const Words& words) {
  const bool is_number = row.type == Type::integer || row.type == Type::number;
  const double number = as_number(value);
  if (!is_number || (number >= row.range.least && number <= row.range.most)) return {};
  return invalid(std::string(name) + " must be " + number_text(row.range.least) + " to " +
                 number_text(row.range.most) + ", not " + describe(value, words));
}

// "'local' or a map", "'1.2' or '1.3'".
std::string describe_words(const OptionRow& row, const Words& words) {
  std::string text;
  for (const std::string_view word : row.words) {
    text.append(text.empty() ? "" : " or ").append(quote(word));
  }
  return row.keys ? text + " or a " + std::string(words.map) : text;
}

Result<void> check_words(const OptionRow& row, std::string_view name, const Value& value,
                         const Words& words) {
  const auto text = value.text();
  if (row.words.empty() || !text || std::ranges::find(row.words, *text) != row.words.end()) {
    return {};
  }
  return invalid(std::string(name) + " must be " + describe_words(row, words) + ", not " +
                 describe(value, words));
}

Error unknown_option(std::string_view name, std::span<const OptionRow> rows) {
  std::string message = "unknown option " + quote(name) + "; the options are ";
  for (const OptionRow& row : rows) {
    if (&row != rows.data()) message += ", ";
    message += row.name;
  }
  return invalid(std::move(message));
}

// `prefix` goes before the names of its keys in errors.
Result<void> check_map(std::span<const OptionRow> rows, std::string_view prefix, Value& value,
                       const Words& words) {
  auto* map = std::get_if<Map>(&value.held);
  if (!map) return {};
  for (MapEntry& entry : *map) {
    const std::string name = std::string(prefix) + entry.key;
    const auto row = std::ranges::find(rows, entry.key, &OptionRow::name);
    if (row == rows.end()) return unknown_option(name, rows);
    if (entry.value.is_nil() && row->default_value == "nil") continue;
    const auto checked = check_option(*row, "option " + name, entry.value, words);
    if (!checked) return checked;
  }
  return {};
}

// Most arguments are texts and integers that are given as such.
bool is_plainly(const Value& value, Type type) {
  if (const auto* data = value.as<Data>()) {
    if (type == Type::data) return true;
    const bool takes_text = type == Type::endpoint || type == Type::connection ||
                            type == Type::server || type == Type::client || type == Type::text;
    return takes_text && data->kind != DataKind::binary;
  }
  return type == Type::integer && value.as<std::int64_t>();
}

Error wrong_type(const Parameter& parameter, std::size_t index, const Value& value,
                 const Words& words) {
  return invalid_type("argument " + std::to_string(index + 1) + " (" + std::string(parameter.name) +
                      ")" + mismatch(parameter.type, value, words));
}

Result<void> check_argument(const Parameter& parameter, std::size_t index, Value& value,
                            const Words& words) {
  if (value.is_nil() && (parameter.is_optional() || parameter.may_be_nil)) return {};
  if (parameter.type == Type::integer) make_integer(value);
  if (!has_type(value, parameter.type)) return wrong_type(parameter, index, value, words);
  return parameter.keys ? check_map(parameter.keys(), {}, value, words) : Result<void>();
}

Error wrong_count(const Signature& signature, std::size_t given, std::string_view what,
                  const Words& words) {
  return invalid_type(std::string(what) + " arguments (" + std::to_string(given) +
                      " given): " + words.synopsis(signature));
}

// Who lists what admits, and lists nothing, hasn't meant that it's asked for nothing.
Result<void> check_secrets(const OptionRow& row, std::string_view name, const Value& value) {
  if (!row.is_secret || row.type != Type::texts) return {};
  const auto* const list = value.as<List>();
  const auto* const map = value.as<Map>();
  if (!(list && list->empty()) && !(map && map->empty())) return {};
  return invalid(std::string(name) +
                 ": the list is empty, so nobody would be asked for one; leave the option out "
                 "where that's meant");
}

}  // namespace

Data Arguments::data(std::size_t index) const {
  const Value& value = (*this)[index];
  if (const auto* data = value.as<Data>()) return *data;
  return {value.text().value_or(std::string_view{})};
}

std::int64_t Arguments::integer(std::size_t index, std::int64_t otherwise) const {
  const Value& value = (*this)[index];
  if (const auto* large = value.as<LargeInteger>()) {
    using Limits = std::numeric_limits<std::int64_t>;
    return large->is_negative() ? Limits::min() : Limits::max();
  }
  const auto* integer = value.as<std::int64_t>();
  return integer ? *integer : otherwise;
}

double Arguments::number(std::size_t index, double otherwise) const {
  return has(index) ? as_number(values_[index]) : otherwise;
}

std::vector<std::string_view> Arguments::texts(std::size_t index) const {
  const Value& value = (*this)[index];
  if (const auto text = value.text()) return {*text};
  std::vector<std::string_view> texts;
  const auto* list = value.as<List>();
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    texts.push_back((*list)[i].text().value_or(std::string_view{}));
  }
  return texts;
}

const Value* Arguments::option(std::size_t index, std::string_view key) const {
  const auto* map = (*this)[index].as<Map>();
  if (!map) return nullptr;
  const auto entry = std::ranges::find(*map, key, &MapEntry::key);
  return entry == map->end() ? nullptr : &entry->value;
}

bool Arguments::flag(std::size_t index, std::string_view key, bool otherwise) const {
  const Value* value = option(index, key);
  const auto* flag = value ? value->as<bool>() : nullptr;
  return flag ? *flag : otherwise;
}

Result<void> check_arguments(const Signature& signature, std::size_t given, std::span<Value> values,
                             const Words& words) {
  if (given < signature.required()) return wrong_count(signature, given, "not enough", words);
  if (given > signature.parameters.size()) return wrong_count(signature, given, "too many", words);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Parameter& parameter = signature.parameters[i];
    if (is_plainly(values[i], parameter.type)) continue;
    auto checked = check_argument(parameter, i, values[i], words);
    if (!checked) return checked;
  }
  return {};
}

Result<void> check_option(const OptionRow& row, std::string_view name, Value& value,
                          const Words& words) {
  if (row.type == Type::integer) make_integer(value);
  if (!has_type(value, row.type)) {
    return invalid_type(std::string(name) +
                        (row.is_secret ? expected(row.type, words) + ", got something else"
                                       : mismatch(row.type, value, words)));
  }
  if (auto checked = check_secrets(row, name, value); !checked) return checked;
  if (auto checked = check_words(row, name, value, words); !checked) return checked;
  if (row.keys) return check_map(row.keys(), std::string(row.name) + ".", value, words);
  return check_range(row, name, value, words);
}

}  // namespace simws::script
