#include "script/handle_arguments.h"

#include "script/describe.h"

#include <string>

namespace simws::script {

namespace {

Error invalid_handle(std::string_view text, std::string_view hint) {
  std::string message = "invalid object handle: " + quote(text);
  return {ErrorCode::invalid_handle, message.append(hint)};
}

// How errors call a kind of handle: what is expected, and what comes first instead.
struct Expected {
  std::string_view what;
  std::string_view first;
};
constexpr Expected a_server{"a server's handle, as simWS.start returned it",
                            "the server's handle, from simWS.start"};
constexpr Expected a_client{"a client's handle, as simWS.connect returned it",
                            "the client's handle, from simWS.connect"};
constexpr Expected either{
    "the handle of a server or client, as simWS.start or simWS.connect returned it",
    "the handle of its server or client, from simWS.start or simWS.connect"};

Error unexpected(std::string_view text, const Expected& expected) {
  std::string_view kind;
  if (parse_connection_handle(text)) kind = "connection";
  if (const auto endpoint = parse_endpoint_handle(text)) {
    kind = dispatch::is_client(*endpoint) ? "client" : "server";
  }
  std::string hint;
  if (kind.empty()) {
    hint.append(" (expected ").append(expected.what).append(")");
  } else {
    hint.append(" is a ").append(kind).append("; ").append(expected.first).append(", comes first");
  }
  return invalid_handle(text, hint);
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
