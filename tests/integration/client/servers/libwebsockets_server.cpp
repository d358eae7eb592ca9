// A server by libwebsockets: libwebsockets_server PORT. What it does with orders says servers.py
// beside it.
#include <libwebsockets.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>

namespace {

struct Outgoing {
  std::string bytes;
  int kind;  // lws_write_protocol, with its flags
};

struct Connection {
  std::string incoming;
  std::deque<Outgoing> queue;
  int close_code = 0;
  bool is_dropped = false;
};

Connection& connection_of(lws* socket) {
  return *static_cast<Connection*>(lws_get_opaque_user_data(socket));
}

void queue(lws* socket, std::string bytes, int kind) {
  connection_of(socket).queue.push_back({std::string(LWS_PRE, '\0') + bytes, kind});
}

void queue_fragments(lws* socket, int count) {
  for (int i = 0; i < count; ++i) {
    const int kind = i == 0 ? LWS_WRITE_TEXT : LWS_WRITE_CONTINUATION;
    queue(socket, std::to_string(i) + " ", i + 1 < count ? kind | LWS_WRITE_NO_FIN : kind);
  }
}

void obey(lws* socket, const std::string& order) {
  const int number = std::atoi(order.c_str() + std::min(order.find(' '), order.size()));
  if (order.starts_with("/close ")) connection_of(socket).close_code = number;
  if (order.starts_with("/fragments ")) queue_fragments(socket, number);
  if (order == "/ping") queue(socket, "there?", LWS_WRITE_PING);
  if (order == "/drop") connection_of(socket).is_dropped = true;
}

void receive(lws* socket, const char* bytes, std::size_t size) {
  std::string& message = connection_of(socket).incoming;
  message.append(bytes, size);
  if (lws_remaining_packet_payload(socket) > 0 || !lws_is_final_fragment(socket)) return;
  const bool is_binary = lws_frame_is_binary(socket) != 0;
  if (!is_binary && message.starts_with('/')) {
    obey(socket, message);
  } else {
    queue(socket, message, is_binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
  }
  message.clear();
  lws_callback_on_writable(socket);
}

// Not 0: the connection ends.
int write(lws* socket) {
  Connection& connection = connection_of(socket);
  if (connection.is_dropped) return -1;
  if (connection.close_code != 0) {
    std::string reason = "as ordered";
    lws_close_reason(socket, static_cast<lws_close_status>(connection.close_code),
                     reinterpret_cast<unsigned char*>(reason.data()), reason.size());
    return -1;
  }
  if (connection.queue.empty()) return 0;
  Outgoing next = std::move(connection.queue.front());
  connection.queue.pop_front();
  auto* const payload = reinterpret_cast<unsigned char*>(next.bytes.data()) + LWS_PRE;
  const std::size_t size = next.bytes.size() - LWS_PRE;
  const int written = lws_write(socket, payload, size, static_cast<lws_write_protocol>(next.kind));
  lws_callback_on_writable(socket);
  return written < static_cast<int>(size) ? -1 : 0;
}

int on_event(lws* socket, lws_callback_reasons reason, void*, void* data, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
      lws_set_opaque_user_data(socket, new Connection);
      return 0;
    case LWS_CALLBACK_CLOSED:
      delete static_cast<Connection*>(lws_get_opaque_user_data(socket));
      return 0;
    case LWS_CALLBACK_RECEIVE:
      receive(socket, static_cast<const char*>(data), size);
      return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
      queue(socket, "pong " + std::string(static_cast<const char*>(data), size), LWS_WRITE_TEXT);
      lws_callback_on_writable(socket);
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return write(socket);
    default:
      return 0;
  }
}

const lws_protocols protocols[] = {{"robot.v1", on_event, 0, 64 << 10, 0, nullptr, 0},
                                   {nullptr, nullptr, 0, 0, 0, nullptr, 0}};

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  lws_set_log_level(LLL_ERR, nullptr);
  lws_context_creation_info info{};
  info.port = std::atoi(arguments[1]);
  info.iface = "127.0.0.1";
  info.protocols = protocols;
  info.gid = info.uid = static_cast<decltype(info.uid)>(-1);
  info.options = LWS_SERVER_OPTION_DISABLE_IPV6 | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  lws_context* const context = lws_create_context(&info);
  lws_vhost* const host = context ? lws_create_vhost(context, &info) : nullptr;
  if (!host) return 1;
  std::printf("port %d\n", lws_get_vhost_listen_port(host));
  std::fflush(stdout);
  while (lws_service(context, 0) >= 0) {
  }
}
