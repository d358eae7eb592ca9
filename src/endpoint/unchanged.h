// Conditional requests for what is part of the library.
#pragma once

#include "protocol/http/headers.h"

#include <simws/http.h>

#include <string>
#include <string_view>

namespace simws::endpoint {

// The client has the version of this entity tag, by weak comparison (RFC 9110, 13.1.2).
inline bool has_already(const RequestHead& head, std::string_view tag) {
  const std::string etag(tag);
  for (const std::string& known : {std::string("*"), etag, "W/" + etag}) {
    if (protocol::http::has_list_item(head, "If-None-Match", known)) return true;
  }
  return false;
}

}  // namespace simws::endpoint
