// What an http or an upgrade callback returned, as an answer to the request.
#pragma once

#include "script/function_table.h"
#include "script/value.h"
#include "script/words.h"

#include <simws/http.h>
#include <simws/result.h>

#include <optional>
#include <span>

namespace simws::script {

// Takes the results of the callback: status, body, headers. Errors say which of them is wrong.
Result<HttpResponse> make_response(std::span<Value, max_callback_results> results,
                                   const Words& words = table_words());

// The same of an upgrade callback, whose results are true, false or a status, a body and headers.
// Anything else is an error: nobody comes in by mistake.
struct UpgradeAnswer {
  std::optional<HttpResponse> refusal;  // nothing: it's admitted
  HeaderList headers;                   // of what admits it
};
Result<UpgradeAnswer> make_upgrade_answer(std::span<Value, max_callback_results> results,
                                          const Words& words = table_words());

HttpResponse not_found();
HttpResponse server_error();
HttpResponse unavailable();

}  // namespace simws::script
