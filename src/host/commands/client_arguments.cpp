#include "host/commands/client_arguments.h"

#include "host/commands/number_checks.h"
#include "host/commands/request_text.h"

#include <CLI/CLI.hpp>

namespace simws::host {

void add_seconds(CLI::App& app, const char* name, double& seconds, const char* help) {
  app.add_option(name, seconds, help)
      ->type_name("SECONDS")
      ->check(check_seconds)
      ->capture_default_str();
}

void ClientArguments::add_url(CLI::App& app) {
  app.add_option(
         "URL", uri_,
         "Where to: ws://host:port/path or wss://...; host:port and the port of this machine "
         "will do")
      ->type_name("")
      ->required();
}

void ClientArguments::add_options(CLI::App& app) {
  add_handshake_options(app);
  add_tls(app);
}

void ClientArguments::add_handshake_options(CLI::App& app) {
  host::add_handshake_options(app, headers_, options_.subprotocols, options_.origin);
  app.add_option("--token", token_, "What the server's option token asks for")->type_name("TOKEN");
  app.add_option("--proxy", proxy_,
                 "http://[user:password@]host:port to go through, or none. Without it the "
                 "environment says")
      ->type_name("URL");
}

void ClientArguments::add_tls(CLI::App& app) {
  ClientTls& tls = options_.tls;
  add_trust_options(app, tls.ca, is_insecure_);
  auto* const certificate =
      app.add_option("--certificate", tls.certificate, "PEM file of a certificate of your own")
          ->type_name("FILE");
  app.add_option("--private-key", tls.private_key,
                 "PEM file of its private key, if it's not in the certificate's")
      ->type_name("FILE")
      ->needs(certificate);
}

void ClientArguments::add_times(CLI::App& app) {
  add_seconds(app, "--ping", ping_, "How often to ask whether the server is there; 0: never");
  add_seconds(app, "--connect-timeout", connect_timeout_,
              "How long an attempt to connect may take");
}

std::string ClientArguments::uri() const {
  return complete_uri(uri_);
}

ClientOptions ClientArguments::options() const {
  ClientOptions options = options_;
  for (const std::string& text : headers_) options.headers.push_back(header_of(text));
  if (!token_.empty()) options.headers.emplace_back("Authorization", "Bearer " + token_);
  if (!proxy_.empty()) options.proxy = proxy_ == "none" ? "" : proxy_;
  options.ping_interval = Seconds{ping_};
  options.connect_timeout = Seconds{connect_timeout_};
  options.tls.verify = !is_insecure_;
  return options;
}

}  // namespace simws::host
