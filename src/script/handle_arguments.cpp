#include "script/handle_arguments.h"

#include "script/describe.h"

#include <string>

namespace simws::script {

namespace {

Error invalid_handle(std::string_view text, std::string_view hint) {
  std::string message = "invalid object handle: " + quote(text);
  return {ErrorCode::invalid_handle, message.append(hint)};
}

constexpr std::string_view a_server = "a server's handle, as simWS.start returned it";
constexpr std::string_view a_client = "a client's handle, as simWS.connect returned it";
constexpr std::string_view either =
    "the handle of a server or client, as simWS.start or simWS.connect returned it";

Error unexpected(std::string_view text, std::string_view expected) {
  std::string_view is;
  if (parse_connection_handle(text)) is = "a connection; ";
  if (const auto endpoint = parse_endpoint_handle(text)) {
    is = dispatch::is_client(*endpoint) ? "a client; " : "a server; ";
  }
  const bool is_handle = !is.empty();
  std::string hint = is_handle ? " is " + std::string(is) : " (expected ";
  hint += expected;
  return invalid_handle(text, hint += is_handle ? ", is expected here" : ")");
}

}  // namespace

Result<dispatch::EndpointId> server_argument(std::string_view server) {
  const auto parsed = parse_endpoint_handle(server);
  if (parsed && !dispatch::is_client(*parsed)) return *parsed;
  return unexpected(server, a_server);
}

Result<dispatch::EndpointId> client_argument(std::string_view client) {
  const auto parsed = parse_endpoint_handle(client);
  if (parsed && dispatch::is_client(*parsed)) return *parsed;
  return unexpected(client, a_client);
}

Result<dispatch::EndpointId> endpoint_argument(std::string_view server_or_client) {
  const auto parsed = parse_endpoint_handle(server_or_client);
  if (parsed) return *parsed;
  return unexpected(server_or_client, either);
}

Result<ConnectionHandle> connection_argument(std::string_view server_or_client,
                                             std::string_view connection) {
  const auto owner = endpoint_argument(server_or_client);
  if (!owner) return owner.error();
  const auto parsed = parse_connection_handle(connection);
  if (!parsed) {
    return invalid_handle(connection, " (expected a connection's handle, as callbacks get it)");
  }
  if (parsed->endpoint != shown_number(*owner)) {
    const std::string_view kind = dispatch::is_client(*owner) ? "client" : "server";
    return invalid_handle(connection, " is a connection of another " + std::string(kind) +
                                          ", not of " + quote(server_or_client));
  }
  return ConnectionHandle{*owner, parsed->connection};
}

}  // namespace simws::script
