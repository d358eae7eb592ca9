#include "protocol/http/headers.h"

#include "protocol/http/syntax.h"

#include <string>

namespace simws::protocol::http {

bool list_contains(std::string_view list, std::string_view token) {
  bool found = equals_ignoring_case(list, token);  // most have one item
  if (found || list.size() < token.size()) return found;
  for_each_list_item(
      list, [&](std::string_view item) { found = found || equals_ignoring_case(item, token); });
  return found;
}

bool has_list_item(const RequestHead& head, std::string_view name, std::string_view token) {
  bool found = false;
  head.for_each_of(name,
                   [&](std::string_view value) { found = found || list_contains(value, token); });
  return found;
}

bool accepts_html(const RequestHead& head) {
  bool found = false;
  const std::string accepted = head.joined("Accept");
  for_each_list_item(accepted, [&](std::string_view item) {
    const std::string_view type = trim_ows(item.substr(0, item.find(';')));
    found = found || equals_ignoring_case(type, "text/html");
  });
  return found;
}

}  // namespace simws::protocol::http
