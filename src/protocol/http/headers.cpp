#include "protocol/http/headers.h"

#include "protocol/http/syntax.h"

namespace simws::protocol::http {

bool list_contains(std::string_view list, std::string_view token) {
  bool found = false;
  for_each_list_item(
      list, [&](std::string_view item) { found = found || equals_ignoring_case(item, token); });
  return found;
}

bool has_list_item(const RequestHead& head, std::string_view name, std::string_view token) {
  bool found = false;
  head.for_each([&](std::string_view field, std::string_view value) {
    found = found || (equals_ignoring_case(field, name) && list_contains(value, token));
  });
  return found;
}

}  // namespace simws::protocol::http
