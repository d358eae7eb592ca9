// Handles that scripts give as arguments.
#pragma once

#include "script/handles.h"

#include <simws/result.h>

#include <string_view>

namespace simws::script {

// Errors: invalid_handle, in words for the script.
Result<dispatch::EndpointId> server_argument(std::string_view server);
Result<ConnectionHandle> connection_argument(std::string_view server, std::string_view connection);

}  // namespace simws::script
