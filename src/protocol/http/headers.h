// Header fields that are lists of tokens (RFC 9110, 5.6.1).
#pragma once

#include <simws/http.h>

#include <string_view>

namespace simws::protocol::http {

// A comma-separated list has this item, whatever its case.
bool list_contains(std::string_view list, std::string_view token);

// A field of this name has it.
bool has_list_item(const RequestHead& head, std::string_view name, std::string_view token);

// As browsers do when they open a page: Accept names text/html.
bool accepts_html(const RequestHead& head);

}  // namespace simws::protocol::http
