#include "script/handle_arguments.h"

#include "script/describe.h"

#include <string>

namespace simws::script {

namespace {

Error invalid_handle(std::string_view text, std::string_view hint) {
  std::string message = "invalid object handle: " + quote(text);
  return {ErrorCode::invalid_handle, message.append(hint)};
}

}  // namespace

Result<dispatch::EndpointId> server_argument(std::string_view server) {
  const auto parsed = parse_server_handle(server);
  if (parsed) return *parsed;
  if (parse_connection_handle(server)) {
    return invalid_handle(server,
                          " is a connection; the server's handle, from simWS.start, comes first");
  }
  return invalid_handle(server, " (expected a server's handle, as simWS.start returned it)");
}

Result<ConnectionHandle> connection_argument(std::string_view server, std::string_view connection) {
  const auto owner = server_argument(server);
  if (!owner) return owner.error();
  const auto parsed = parse_connection_handle(connection);
  if (!parsed) {
    return invalid_handle(connection, " (expected a connection's handle, as callbacks get it)");
  }
  if (parsed->endpoint != *owner) {
    return invalid_handle(connection,
                          " is a connection of another server, not of " + quote(server));
  }
  return *parsed;
}

}  // namespace simws::script
