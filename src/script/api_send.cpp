// What goes to connections.
#include "script/api.h"
#include "script/describe.h"
#include "script/handle_arguments.h"
#include "script/opcode_argument.h"

#include <cstdint>
#include <limits>
#include <string>

namespace simws::script {

namespace {

SendOptions send_options_of(const Arguments& arguments) {
  return {arguments.flag(4, "fin", true), arguments.flag(4, "compress", true)};
}

}  // namespace

Result<ConnectionHandle> Api::target_of(std::string_view server,
                                        std::string_view connection) const {
  if (const auto latest = latest_.find(server, connection)) return *latest;
  return connection_argument(server, connection);
}

// Without a connection's handle.
Result<Value> Api::send_by_client(const Arguments& arguments) {
  const auto client = endpoint_argument(arguments.text(0));
  if (!client) return client.error();
  if (!dispatch::is_client(*client)) {
    return Error{ErrorCode::invalid_type, "argument 2 (connectionHandle): expected " +
                                              std::string(engine_.words().text) + ", got " +
                                              std::string(engine_.words().nil) +
                                              " (only a client can be sent to without)"};
  }
  const Data data = arguments.data(2);
  const auto opcode = opcode_argument(arguments, 3, data);
  if (!opcode) return opcode.error();
  const auto sent =
      dispatcher_.send_by_client(*client, data.bytes, *opcode, send_options_of(arguments));
  if (!sent) return explain(sent.error(), *client);
  return Value{*sent};
}

Result<Value> Api::send(const Arguments& arguments) {
  if (!arguments.has(1)) return send_by_client(arguments);
  const auto target = target_of(arguments.text(0), arguments.text(1));
  if (!target) return target.error();
  const Data data = arguments.data(2);
  const auto opcode = opcode_argument(arguments, 3, data);
  if (!opcode) return opcode.error();
  const auto sent = dispatcher_.send(target.value().endpoint, target.value().connection, data.bytes,
                                     *opcode, send_options_of(arguments));
  if (!sent) return explain(sent.error(), *target);
  return Value{*sent};
}

Result<Value> Api::close(const Arguments& arguments) {
  const auto target = target_of(arguments.text(0), arguments.text(1));
  if (!target) return target.error();
  const std::int64_t code = arguments.integer(2, 1000);
  if (code < 0 || code > std::numeric_limits<std::uint16_t>::max()) {
    return Error{ErrorCode::invalid_argument,
                 "invalid close code: " + integer_text(arguments[2]) +
                     " (expected 1000 to 1003, 1007 to 1014, or 3000 to 4999)"};
  }
  const std::string_view reason = arguments.has(3) ? arguments.text(3) : std::string_view{};
  const auto closed = dispatcher_.close(target.value().endpoint, target.value().connection,
                                        static_cast<CloseCode>(code), reason);
  if (!closed) return explain(closed.error(), *target);
  return Value{*closed};
}

// Of one or several handles; nothing: the option isn't given.
Result<std::optional<std::vector<dispatch::ConnectionId>>> Api::connections_option(
    const Arguments& arguments, std::string_view key, dispatch::EndpointId server) const {
  const Value* const handles = arguments.option(3, key);
  if (!handles || handles->is_nil()) return std::optional<std::vector<dispatch::ConnectionId>>();
  std::vector<dispatch::ConnectionId> ids;
  const HandleText server_text(server);
  const auto add = [&](std::string_view text) -> Result<void> {
    const auto target = connection_argument(server_text.view(), text);
    if (!target) return target.error();
    const auto known = dispatcher_.check_connection(server, target->connection);
    if (!known) return explain(known.error(), *target);
    ids.push_back(target->connection);
    return {};
  };
  if (const auto* list = handles->as<List>()) {
    for (const Value& item : *list) {
      if (auto added = add(item.text().value_or("")); !added) return std::move(added).error();
    }
  } else if (const auto text = handles->text()) {
    if (auto added = add(*text); !added) return std::move(added).error();
  }
  return std::optional(std::move(ids));
}

Result<dispatch::Audience> Api::audience_argument(const Arguments& arguments,
                                                  dispatch::EndpointId server) const {
  auto to = connections_option(arguments, "to", server);
  if (!to) return std::move(to).error();
  auto except = connections_option(arguments, "except", server);
  if (!except) return std::move(except).error();
  return dispatch::Audience(std::move(to).value(), std::move(except).value().value_or(
                                                       std::vector<dispatch::ConnectionId>()));
}

Result<Value> Api::broadcast(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const Data data = arguments.data(1);
  const auto opcode = whole_opcode_argument(arguments, 2, data, "broadcast");
  if (!opcode) return opcode.error();
  const auto audience = audience_argument(arguments, *server);
  if (!audience) return audience.error();
  const auto count = dispatcher_.broadcast(*server, data.bytes, *opcode, *audience,
                                           {arguments.flag(3, "compress", true)});
  if (!count) return explain(count.error(), *server);
  return integer_value(*count);
}

}  // namespace simws::script
