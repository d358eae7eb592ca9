// Which pages of other origins may read answers (Fetch Standard, 3.2: the CORS protocol).
#pragma once

#include <simws/http.h>

#include <optional>
#include <string>
#include <vector>

namespace simws::protocol::http {

// Of a request that asks whether another may be sent, by a page that may read its answer: the
// answer. Nothing: it's none of these.
std::optional<HttpResponse> answer_preflight(const RequestHead& request,
                                             const std::vector<std::string>& cors_origins);

// What `answer` must say besides, to this request: nothing where no origins are listed. Fields that
// it has already stay as they are.
HeaderList cors_fields(const HeaderList& answer, const RequestHead& request,
                       const std::vector<std::string>& cors_origins);

}  // namespace simws::protocol::http
