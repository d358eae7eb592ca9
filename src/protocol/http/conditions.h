// Requests that depend on what the client has already (RFC 9110, 13).
#pragma once

#include <simws/http.h>

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol::http {

// What tells the states of a resource apart.
struct Validators {
  std::string entity_tag;               // in its quotes; strong: other bytes have another one
  std::optional<std::time_t> modified;  // in whole seconds; none: it isn't known
};

enum class Condition {
  holds,
  not_modified,  // 304: the client has it
  failed,        // 412
};

// Of a GET or HEAD, in the order of 13.2.2. Fields that can't be understood aren't looked at.
Condition judge_conditions(const RequestHead& request, const Validators& current);

// Whether a part may be sent of what the client asks a part of: it has the other parts of the same
// state (If-Range, 13.1.5), or doesn't ask for that.
bool is_range_admitted(const RequestHead& request, const Validators& current);

}  // namespace simws::protocol::http
