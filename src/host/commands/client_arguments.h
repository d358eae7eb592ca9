// What the commands that connect to a server have in common.
#pragma once

#include <simws/client_options.h>

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace simws::host {

class ClientArguments {
 public:
  // URL.
  void add_url(CLI::App& app);
  // --header, --token, --subprotocol, --origin and --proxy, and those of TLS.
  void add_options(CLI::App& app);
  // --ping and --connect-timeout.
  void add_times(CLI::App& app);

  // As they were given. An address or a port alone is completed.
  std::string uri() const;
  ClientOptions options() const;

 private:
  void add_handshake_options(CLI::App& app);
  void add_tls(CLI::App& app);

  std::string uri_;
  ClientOptions options_;
  std::vector<std::string> headers_;
  std::string token_;
  std::string proxy_;
  double ping_ = 20;
  double connect_timeout_ = 10;
  bool is_insecure_ = false;
};

// An option of a time in seconds; `seconds` is the default, and must outlive the parsing.
void add_seconds(CLI::App& app, const char* name, double& seconds, const char* help);

}  // namespace simws::host
