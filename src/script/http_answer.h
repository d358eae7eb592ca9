// What an http callback returned, as an answer to the request.
#pragma once

#include "script/function_table.h"
#include "script/value.h"
#include "script/words.h"

#include <simws/http.h>
#include <simws/result.h>

#include <span>

namespace simws::script {

// Takes the results of the callback: status, body, headers. Errors say which of them is wrong.
Result<HttpResponse> make_response(std::span<Value, max_callback_results> results,
                                   const Words& words = table_words());

HttpResponse not_found();
HttpResponse server_error();
HttpResponse unavailable();

}  // namespace simws::script
