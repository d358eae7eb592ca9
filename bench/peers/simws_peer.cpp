// The server that is measured for C++.
#include "peers/arguments.h"

#include <simws/server.h>

#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

namespace {

simws::ServerOptions options(bench::Role role, bool compresses) {
  simws::ServerOptions options;
  if (compresses) {
    // As those measured beside it: contexts are taken over where the client doesn't mind.
    options.compression = {.server_context_takeover = true, .client_context_takeover = true};
  }
  options.max_connections = 20000;
  if (role == bench::Role::tls) options.tls.emplace().certificate = bench::certificate_file();
  options.max_message_size = bench::largest_message;
  options.max_queued_bytes = 256u << 20;
  options.max_total_queued_bytes = 1u << 30;
  options.logger = [](simws::LogLevel level, std::string_view line) {
    if (level < simws::LogLevel::error) return;
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  };
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  using bench::Role;
  const bool compresses =
      arguments.role == Role::deflate || arguments.role == Role::fan_out_deflate;
  const bool is_fan_out =
      arguments.role == Role::fan_out || arguments.role == Role::fan_out_deflate;
  simws::EventLoop loop;
  std::unique_ptr<simws::Server> server;
  simws::ServerHandlers handlers;
  handlers.message = [&](simws::Connection& connection, std::string_view data,
                         simws::Opcode opcode) {
    const bool is_sent =
        is_fan_out ? server->broadcast(data, opcode).ok() : connection.send(data, opcode).ok();
    if (!is_sent) std::fprintf(stderr, "simws_peer: not sent\n");
  };
  auto started = simws::Server::listen(loop, arguments.port, options(arguments.role, compresses),
                                       std::move(handlers));
  if (!started) {
    std::fprintf(stderr, "simws_peer: %s\n", started.error().message.c_str());
    return 1;
  }
  server = std::move(*started);
  bench::print_port(server->info().port);
  loop.run();
}
