// What the commands that serve without a script have in common.
#pragma once

#include <simws/server.h>

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace simws::host {

// A server until Ctrl-C, SIGTERM or SIGHUP.
class QuickServer {
 public:
  // Where the port stands: as an argument, or as --port.
  enum class Port { argument, option };

  // PORT, --host, --lan, --origin, --hosts, --trusted-proxies, --log-level, and those of TLS.
  void add_to(CLI::App& app, Port port = Port::argument);

  // Returns the exit code. `note` ends the line that says where it listens; `prepare` is called
  // before the first request is read, and may fail; `finish` before the server stops.
  int run(ServerHandlers handlers, std::string note,
          const std::function<Result<void>(Server&, EventLoop&)>& prepare = {},
          const std::function<void()>& finish = {});

  // REQUIRES: the command line was understood.
  Logger logger() const;

  // As the server will have them.
  ServerOptions& options() { return options_; }

 private:
  void add_names(CLI::App& app);
  void add_tls(CLI::App& app);

  int port_ = 9000;
  LogLevel log_level_ = LogLevel::info;
  ServerOptions options_;
  ServerTls tls_;
};

}  // namespace simws::host
