// What HTML answers say of who may show them (Content Security Policy 3, 6.4.2; RFC 7034).
#pragma once

#include <simws/http.h>

#include <span>
#include <string>

namespace simws::protocol::http {

// The fields that keep the pages of strangers from framing an answer or taking it for something
// else. `origins` as in EntryRules: their pages may frame it, besides those of its own host; "*":
// any may. What `answer` has of these fields stays as it is: nothing in their place is returned.
HeaderList framing_fields(const HeaderList& answer, std::span<const std::string> origins);

}  // namespace simws::protocol::http
