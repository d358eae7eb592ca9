// The echo server on this library.
#include <simws/server.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: cpp_echo <port>\n");
    return 2;
  }
  simws::EventLoop loop;
  simws::ServerOptions options;
  options.max_connections = 20000;
  options.logger = [](simws::LogLevel level, std::string_view line) {
    if (level < simws::LogLevel::warning) return;
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
  };
  simws::ServerHandlers handlers;
  handlers.message = [](simws::Connection& connection, std::string_view data,
                        simws::Opcode opcode) {
    if (auto sent = connection.send(data, opcode); !sent) {
      std::fprintf(stderr, "cpp_echo: %s\n", sent.error().message.c_str());
    }
  };
  auto server = simws::Server::listen(loop, std::atoi(argv[1]), options, std::move(handlers));
  if (!server) {
    std::fprintf(stderr, "cpp_echo: %s\n", server.error().message.c_str());
    return 1;
  }
  loop.run();
}
