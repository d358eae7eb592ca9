// The server that the network's tests talk to: it echoes messages, answers HTTP with what was asked
// of it, and tells its events on standard output.
#include "transport/tls_test_certificates.h"

#include <simws/server.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

simws::EventLoop* running = nullptr;

void tell(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

std::size_t to_size(std::string_view text) {
  std::size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Texts that begin with a slash are orders; binary messages may begin with anything.
void order(simws::Server& server, simws::Connection& connection, std::string_view data) {
  if (data.starts_with("/close ")) {
    const auto code = static_cast<simws::CloseCode>(to_size(data.substr(7)));
    (void)connection.close(code, "as ordered");
  } else if (data.starts_with("/broadcast ")) {
    const std::string message(to_size(data.substr(11)), 'b');
    (void)server.broadcast(message, simws::Opcode::binary,
                           [&](simws::Connection& other) { return &other != &connection; });
    (void)connection.send("broadcast");
  } else if (data.starts_with("/fragments ")) {
    const std::size_t count = to_size(data.substr(11));
    for (std::size_t i = 0; i < count; ++i) {
      const auto opcode = i == 0 ? simws::Opcode::text : simws::Opcode::continuation;
      (void)connection.send(std::to_string(i) + " ", opcode, {.fin = i + 1 == count});
    }
  } else if (data.starts_with("/compression")) {
    (void)connection.send(connection.info().compression ? "compressed" : "plain");
  }
}

void answer(simws::Connection& connection, const simws::HttpRequest& request) {
  simws::HttpResponse response;
  response.headers = {{"Content-Type", "text/plain"}};
  if (request.resource.starts_with("/size/")) {
    response.body.assign(to_size(request.resource.substr(6)), 's');
  } else if (request.resource.starts_with("/status/")) {
    response.status = static_cast<int>(to_size(request.resource.substr(8)));
  } else {
    response.body = std::string(request.method) + " " + std::string(request.resource) + "\n" +
                    std::string(request.body);
  }
  (void)connection.respond(response);
}

// Who takes contexts over: "none", "server", "client" or "both".
simws::Compression compression(std::string_view who) {
  simws::Compression compression;
  compression.threshold = 0;
  compression.server_context_takeover = who == "server" || who == "both";
  compression.client_context_takeover = who == "client" || who == "both";
  return compression;
}

// What a connection that wasn't closed cleanly ended by is told in brackets.
void tell_close(simws::Connection& connection) {
  const simws::ConnectionInfo info = connection.info();
  std::string line = "close " + std::to_string(static_cast<int>(*info.close_code)) +
                     (info.clean ? " clean " : " ") + info.close_reason;
  if (!info.clean) line += "(" + info.error + ")";
  tell(line);
}

// For this run of the program alone, in files of its own.
class Certificate {
 public:
  simws::ServerTls files() const {
    return {.certificate = folder_.write("cert.pem", made_.pem()),
            .private_key = folder_.write("key.pem", made_.key_pem())};
  }

 private:
  simws::transport::TestFolder folder_;
  simws::transport::TestCertificate made_ = simws::transport::make_certificate({});
};

struct Program {
  simws::ServerOptions options;
  std::optional<Certificate> certificate;
  int port = 0;

  // "--ping-interval 0.5" and the like. False: one isn't known.
  bool read(int count, char** arguments) {
    const std::map<std::string_view, simws::Seconds*> times{
        {"--handshake-timeout", &options.handshake_timeout},
        {"--keep-alive-timeout", &options.keep_alive_timeout},
        {"--close-timeout", &options.close_timeout},
        {"--ping-interval", &options.ping_interval},
        {"--ping-timeout", &options.ping_timeout}};
    const std::map<std::string_view, std::size_t*> sizes{
        {"--max-connections", &options.max_connections},
        {"--max-queued-bytes", &options.max_queued_bytes},
        {"--max-pending-bytes", &options.max_pending_bytes},
        {"--max-message-size", &options.max_message_size},
        {"--max-body-size", &options.max_body_size}};
    for (int i = 1; i + 1 < count; i += 2) {
      const std::string_view name = arguments[i];
      if (const auto time = times.find(name); time != times.end()) {
        *time->second = simws::Seconds{std::atof(arguments[i + 1])};
      } else if (const auto size = sizes.find(name); size != sizes.end()) {
        *size->second = to_size(arguments[i + 1]);
      } else if (name == "--port") {
        port = static_cast<int>(to_size(arguments[i + 1]));
      } else if (name == "--compression") {
        options.compression = compression(arguments[i + 1]);
      } else if (name == "--subprotocol") {
        options.subprotocols.emplace_back(arguments[i + 1]);
      } else if (name == "--host") {
        options.host = arguments[i + 1];
      } else if (name == "--tls" && std::string_view(arguments[i + 1]) == "True") {
        options.tls = certificate.emplace().files();
      } else if (name == "--tls") {
        // Plain, as it is without.
      } else {
        return false;
      }
    }
    return count % 2 == 1;
  }
};

}  // namespace

int main(int count, char** arguments) {
  Program program;
  if (!program.read(count, arguments)) {
    std::fprintf(stderr, "network_server: an option isn't known, or has no value\n");
    return 2;
  }
  simws::EventLoop loop;
  std::unique_ptr<simws::Server> server;
  simws::ServerHandlers handlers;
  handlers.open = [](simws::Connection& connection) {
    tell("open " + std::string(connection.info().request.resource()));
  };
  handlers.fail = [](simws::Connection& connection) { tell("fail " + connection.info().error); };
  handlers.close = tell_close;
  handlers.message = [&](simws::Connection& connection, std::string_view data,
                         simws::Opcode opcode) {
    const bool is_order = opcode == simws::Opcode::text && data.starts_with('/');
    if (is_order) return order(*server, connection, data);
    (void)connection.send(data, opcode);
  };
  handlers.http = answer;
  auto listening = simws::Server::listen(loop, program.port, program.options, std::move(handlers));
  if (!listening) {
    std::fprintf(stderr, "network_server: %s\n", listening.error().message.c_str());
    return 1;
  }
  server = std::move(listening).value();
  running = &loop;
  std::signal(SIGTERM, [](int) { running->stop(); });
  tell("port " + std::to_string(server->info().port));
  loop.run();
  std::signal(SIGTERM, SIG_IGN);
  server.reset();
  loop.drain(program.options.close_timeout);
}
