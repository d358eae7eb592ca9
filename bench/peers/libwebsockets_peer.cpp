// The server with libwebsockets: its own poll loop, one thread, no log. Each message takes one
// LWS_CALLBACK_SERVER_WRITEABLE, as its documentation wants it.
#include "peers/arguments.h"

#include <libwebsockets.h>

#include <deque>
#include <memory>
#include <string>
#include <unordered_set>

namespace {

// With room for the frame's head before the payload.
struct Message {
  std::string bytes = std::string(LWS_PRE, '\0');
  bool is_binary = false;
};

using Shared = std::shared_ptr<Message>;

struct Connection {
  Shared incoming;
  std::deque<Shared> queue;
};

struct Server {
  bench::Role role = bench::Role::echo;
  std::unordered_set<lws*> connections;
};

Server& server_of(lws* socket) {
  return *static_cast<Server*>(lws_context_user(lws_get_context(socket)));
}

Connection& connection_of(lws* socket) {
  return *static_cast<Connection*>(lws_get_opaque_user_data(socket));
}

void open(lws* socket) {
  lws_set_opaque_user_data(socket, new Connection);
  server_of(socket).connections.insert(socket);
}

void end(lws* socket) {
  server_of(socket).connections.erase(socket);
  delete static_cast<Connection*>(lws_get_opaque_user_data(socket));
}

void queue(lws* socket, const Shared& message) {
  connection_of(socket).queue.push_back(message);
  lws_callback_on_writable(socket);
}

void receive(lws* socket, const char* bytes, std::size_t size) {
  Shared& incoming = connection_of(socket).incoming;
  if (!incoming) incoming = std::make_shared<Message>();
  incoming->bytes.append(bytes, size);
  incoming->is_binary = lws_frame_is_binary(socket) != 0;
  if (lws_remaining_packet_payload(socket) > 0 || !lws_is_final_fragment(socket)) return;
  const Shared message = std::move(incoming);
  if (server_of(socket).role != bench::Role::fan_out) return queue(socket, message);
  for (lws* const connection : server_of(socket).connections) queue(connection, message);
}

// Only one at a time: what the system doesn't take of it the library keeps.
int write(lws* socket) {
  std::deque<Shared>& queue = connection_of(socket).queue;
  if (queue.empty()) return 0;
  const Shared message = std::move(queue.front());
  queue.pop_front();
  auto* const payload = reinterpret_cast<unsigned char*>(message->bytes.data()) + LWS_PRE;
  const std::size_t size = message->bytes.size() - LWS_PRE;
  if (lws_write(socket, payload, size, message->is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT) <
      static_cast<int>(size)) {
    return -1;
  }
  if (!queue.empty()) lws_callback_on_writable(socket);
  return 0;
}

int on_event(lws* socket, lws_callback_reasons reason, void*, void* data, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
      open(socket);
      return 0;
    case LWS_CALLBACK_CLOSED:
      end(socket);
      return 0;
    case LWS_CALLBACK_RECEIVE:
      receive(socket, static_cast<const char*>(data), size);
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return write(socket);
    default:
      return 0;
  }
}

const lws_protocols protocols[] = {{"bench", on_event, 0, 64 << 10, 0, nullptr, 0},
                                   {nullptr, nullptr, 0, 0, 0, nullptr, 0}};
const lws_extension extensions[] = {
    {"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate"},
    {nullptr, nullptr, nullptr}};

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  lws_set_log_level(LLL_ERR, nullptr);
  Server server{arguments.role, {}};
  lws_context_creation_info info{};
  info.port = arguments.port;
  info.iface = "127.0.0.1";
  info.protocols = protocols;
  info.user = &server;
  info.gid = info.uid = static_cast<decltype(info.uid)>(-1);
  if (arguments.role == bench::Role::deflate) info.extensions = extensions;
  info.options = LWS_SERVER_OPTION_DISABLE_IPV6 | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  lws_context* const context = lws_create_context(&info);
  lws_vhost* const host = context ? lws_create_vhost(context, &info) : nullptr;
  if (!host) return 1;
  bench::print_port(lws_get_vhost_listen_port(host));
  while (lws_service(context, 0) >= 0) {
  }
}
