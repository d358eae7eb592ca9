// The server with uWebSockets, from a checkout of one's own. Its own compression is the shared one,
// which keeps nothing for a connection.
#include "peers/arguments.h"

#include <App.h>

#include <cstddef>
#include <string_view>

namespace {

struct Nothing {};

constexpr unsigned most_queued = 1u << 30;

template <typename Behavior>
Behavior behavior(bench::Role role) {
  Behavior result{};
  const bool is_deflate = role == bench::Role::deflate;
  result.compression = is_deflate ? uWS::SHARED_COMPRESSOR : uWS::DISABLED;
  result.maxPayloadLength = bench::largest_message;
  result.maxBackpressure = most_queued;
  result.closeOnBackpressureLimit = false;
  result.resetIdleTimeoutOnSend = false;
  result.sendPingsAutomatically = true;
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  const bool is_deflate = arguments.role == bench::Role::deflate;
  uWS::App app;
  auto handlers = behavior<uWS::App::WebSocketBehavior<Nothing>>(arguments.role);
  if (arguments.role == bench::Role::fan_out) {
    handlers.open = [](auto* connection) { connection->subscribe("all"); };
    handlers.message = [&app](auto*, std::string_view message, uWS::OpCode opcode) {
      app.publish("all", message, opcode, false);
    };
  } else {
    handlers.message = [is_deflate](auto* connection, std::string_view message,
                                    uWS::OpCode opcode) {
      connection->send(message, opcode, is_deflate);
    };
  }
  app.ws<Nothing>("/*", std::move(handlers));
  app.listen("127.0.0.1", arguments.port, [](us_listen_socket_t* listener) {
    if (!listener) std::exit(1);
    bench::print_port(us_socket_local_port(0, reinterpret_cast<us_socket_t*>(listener)));
  });
  app.run();
}
