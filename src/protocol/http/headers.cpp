#include "protocol/http/headers.h"

#include "protocol/http/syntax.h"

#include <algorithm>

namespace simws::protocol::http {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return to_lower(x) == to_lower(y);
         });
}

bool list_contains(std::string_view list, std::string_view token) {
  bool found = false;
  for_each_list_item(
      list, [&](std::string_view item) { found = found || equals_ignoring_case(item, token); });
  return found;
}

void Headers::add(std::string_view name, std::string_view value) {
  text_.append(name).push_back('\0');
  text_.append(value).push_back('\0');
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  std::optional<std::string_view> found;
  for_each([&](std::string_view field, std::string_view value) {
    if (!found && equals_ignoring_case(field, name)) found = value;
  });
  return found;
}

std::size_t Headers::count(std::string_view name) const {
  std::size_t result = 0;
  for_each([&](std::string_view field, std::string_view) {
    if (equals_ignoring_case(field, name)) ++result;
  });
  return result;
}

std::string Headers::joined(std::string_view name) const {
  std::string result;
  bool first = true;
  for_each([&](std::string_view field, std::string_view value) {
    if (!equals_ignoring_case(field, name)) return;
    if (!first) result += ", ";
    first = false;
    result += value;
  });
  return result;
}

bool Headers::has_list_item(std::string_view name, std::string_view token) const {
  bool found = false;
  for_each([&](std::string_view field, std::string_view value) {
    found = found || (equals_ignoring_case(field, name) && list_contains(value, token));
  });
  return found;
}

HeaderList Headers::to_list() const {
  HeaderList list;
  for_each([&](std::string_view name, std::string_view value) { list.emplace_back(name, value); });
  return list;
}

}  // namespace simws::protocol::http
