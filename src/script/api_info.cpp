// What scripts can ask of servers, clients and connections.
#include "script/api.h"
#include "script/handle_arguments.h"

#include <string>

namespace simws::script {

Result<Value> Api::get_connections(const Arguments& arguments) {
  const auto endpoint = endpoint_argument(arguments.text(0));
  if (!endpoint) return endpoint.error();
  const auto connections = dispatcher_.connections(*endpoint);
  if (!connections) return explain(connections.error(), *endpoint);
  List handles;
  handles.reserve(connections.value().size());
  for (const dispatch::ConnectionId connection : *connections) {
    handles.push_back({std::string(HandleText(ConnectionHandle{*endpoint, connection}).view())});
  }
  return Value{std::move(handles)};
}

Result<Value> Api::get_connection_info(const Arguments& arguments) {
  const auto target = connection_argument(arguments.text(0), arguments.text(1));
  if (!target) return target.error();
  const auto info = dispatcher_.connection_info(target.value().endpoint, target.value().connection);
  if (!info) return explain(info.error(), *target);
  const auto names = arguments.texts(2);
  if (names.empty()) return Value{connection_map(*info)};
  auto map = connection_map(*info, names);
  if (!map) return std::move(map).error();
  return Value{std::move(map).value()};
}

Result<Value> Api::get_server_info(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto info = dispatcher_.server_info(*server);
  if (!info) return explain(info.error(), *server);
  return Value{server_map(*info)};
}

Result<Value> Api::get_client_info(const Arguments& arguments) {
  const auto client = client_argument(arguments.text(0));
  if (!client) return client.error();
  const auto info = dispatcher_.client_info(*client);
  if (!info) return explain(info.error(), *client);
  return Value{client_map(*info)};
}

}  // namespace simws::script
