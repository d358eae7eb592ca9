// Publishes each message to all connections, which are subscribed with the policy `all`: what
// `simws bench --mode fan-out --send` measures. bench_topics_server <port> fan-out
#include "peers/arguments.h"

#include <simws/server.h>

#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  simws::EventLoop loop;
  std::unique_ptr<simws::Server> server;
  simws::ServerHandlers handlers;
  handlers.open = [&](simws::Connection& connection) {
    (void)server->subscribe(connection, "state");
  };
  handlers.message = [&](simws::Connection&, std::string_view data, simws::Opcode opcode) {
    (void)server->publish("state", data, opcode);
  };
  simws::ServerOptions options;
  options.max_connections = 20000;
  options.logger = [](simws::LogLevel, std::string_view) {};
  auto started =
      simws::Server::listen(loop, arguments.port, std::move(options), std::move(handlers));
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return 1;
  }
  server = std::move(*started);
  bench::print_port(server->info().port);
  loop.run();
}
