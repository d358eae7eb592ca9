// An echo server over TLS, with a certificate that it makes for itself: for bench/half_open.py. It
// chooses its port, and prints "port <port>".
#include "peers/arguments.h"
#include "transport/tls_test_certificates.h"

#include <simws/server.h>

#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

int main() {
  const simws::transport::TestFolder folder;
  const auto certificate = simws::transport::make_certificate({});
  simws::ServerOptions options;
  options.max_connections = 20'000;
  options.ping_interval = simws::Seconds{0};  // the client takes its echo for the next that comes
  options.tls = simws::ServerTls{.certificate = folder.write("cert.pem", certificate.pem()),
                                 .private_key = folder.write("key.pem", certificate.key_pem())};
  simws::EventLoop loop;
  simws::ServerHandlers handlers;
  handlers.message = [](simws::Connection& connection, std::string_view data,
                        simws::Opcode opcode) { (void)connection.send(data, opcode); };
  auto started = simws::Server::listen(loop, 0, std::move(options), std::move(handlers));
  if (!started) {
    std::fprintf(stderr, "tls_echo: %s\n", started.error().message.c_str());
    return 1;
  }
  const std::unique_ptr<simws::Server> server = std::move(*started);
  bench::print_port(server->info().port);
  loop.run();
}
