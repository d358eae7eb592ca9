// The header Cookie (RFC 6265, 4.2 and 5.4).
#pragma once

#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace simws::protocol::http {

// Visits the cookies of one field's value: "a=1; b=2". What has no "=" is left out.
template <typename Visitor>  // void(string_view name, string_view value)
void for_each_cookie(std::string_view field, Visitor&& visit) {
  while (!field.empty()) {
    const std::size_t end = std::min(field.find(';'), field.size());
    const std::string_view pair = trim_ows(field.substr(0, end));
    field.remove_prefix(std::min(end + 1, field.size()));
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos) continue;
    visit(trim_ows(pair.substr(0, equals)), trim_ows(pair.substr(equals + 1)));
  }
}

}  // namespace simws::protocol::http
