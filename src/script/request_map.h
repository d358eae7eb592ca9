// What http and upgrade callbacks are told of a request.
#pragma once

#include "script/value.h"

#include <simws/connection.h>

#include <string_view>

namespace simws::script {

// {method=, headers=, remoteAddress=}
Map request_map(const ConnectionInfo& info);
// Besides {resource=, path=, query=, subprotocols=, origin=}.
Map upgrade_map(const ConnectionInfo& info);

// Of the query, decoded: of equal names the first.
Map query_map(std::string_view resource);

}  // namespace simws::script
