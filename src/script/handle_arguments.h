// Handles that scripts give as arguments.
#pragma once

#include "script/handles.h"

#include <simws/result.h>

#include <string_view>

namespace simws::script {

// Errors: invalid_handle, in words for the script.
Result<dispatch::EndpointId> server_argument(std::string_view server);
Result<dispatch::EndpointId> client_argument(std::string_view client);
Result<dispatch::EndpointId> endpoint_argument(std::string_view server_or_client);
Result<ConnectionHandle> connection_argument(std::string_view server_or_client,
                                             std::string_view connection);

}  // namespace simws::script
