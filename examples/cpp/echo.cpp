// A WebSocket server that sends back what it gets: ./echo [port]
#include <simws/server.h>

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
  simws::EventLoop loop;
  simws::ServerHandlers handlers;
  handlers.message = [](simws::Connection& connection, std::string_view data,
                        simws::Opcode opcode) {
    if (auto sent = connection.send(data, opcode); !sent) {
      std::cerr << sent.error().message << '\n';
    }
  };
  const int port = argc > 1 ? std::atoi(argv[1]) : 9000;
  auto server = simws::Server::listen(loop, port, {}, handlers);
  if (!server) {
    std::cerr << server.error().message << '\n';
    return 1;
  }
  std::cout << "ws://localhost:" << (*server)->info().port << std::endl;
  loop.run();
}
