#include "host/commands/connect_command.h"

#include "host/commands/request_text.h"

#include <CLI/CLI.hpp>

#include <utility>

namespace simws::host {

namespace {

constexpr const char* footer =
    "A line is sent as one message. On a terminal lines are edited, arrow keys bring back earlier\n"
    "ones, messages begin with \"< \", and Ctrl-D or Ctrl-C closes. In a pipe a message is written "
    "as\n"
    "it came, with a line end behind it; bytes are always written as hex. After the end of input\n"
    "it closes as soon as nothing has come for the time of --wait.\n"
    "\n"
    "Exit status:\n"
    "\n"
    "  0    closed with 1000, 1001 or without a code, by whichever side\n"
    "  1    there is no connection: the last attempt failed\n"
    "  2    the command line is wrong, or a line of the input could not be sent\n"
    "  3    closed with another code, or lost\n"
    "  130  ended by a second Ctrl-C\n";

}  // namespace

void ConnectCommand::add_to(CLI::App& app) {
  app.add_option(
         "URL", options_.uri,
         "Where to: ws://host:port/path or wss://...; host:port and the port of this machine "
         "will do")
      ->type_name("")
      ->required();
  app.add_flag("--binary", options_.binary,
               "Lines are hex, such as 00ff, and sent as bytes; all messages are written as hex");
  add_handshake_options(app);
  add_tls(app);
  add_times(app);
  app.add_flag("--reconnect", reconnects_,
               "Try again after each loss, with growing pauses. Lines wait for it");
  app.footer(footer);
}

void ConnectCommand::add_handshake_options(CLI::App& app) {
  ClientOptions& client = options_.client;
  host::add_handshake_options(app, headers_, client.subprotocols, client.origin);
  app.add_option("--proxy", proxy_,
                 "http://[user:password@]host:port to go through, or none. Without it the "
                 "environment says")
      ->type_name("URL");
}

void ConnectCommand::add_tls(CLI::App& app) {
  ClientTls& tls = options_.client.tls;
  add_trust_options(app, tls.ca, is_insecure_);
  auto* const certificate =
      app.add_option("--certificate", tls.certificate, "PEM file of a certificate of your own")
          ->type_name("FILE");
  app.add_option("--private-key", tls.private_key,
                 "PEM file of its private key, if it's not in the certificate's")
      ->type_name("FILE")
      ->needs(certificate);
}

void ConnectCommand::add_times(CLI::App& app) {
  const auto add = [&app](const char* name, double& seconds, const char* help) {
    app.add_option(name, seconds, help)
        ->type_name("SECONDS")
        ->check(check_seconds)
        ->capture_default_str();
  };
  add("--wait", wait_, "How long to wait for messages after the end of input; inf: no end");
  add("--ping", ping_, "How often to ask whether the server is there; 0: never");
  add("--connect-timeout", connect_timeout_, "How long an attempt to connect may take");
}

int ConnectCommand::run() {
  options_.uri = complete_uri(options_.uri);
  options_.wait = Seconds{wait_};
  ClientOptions& client = options_.client;
  for (const std::string& text : headers_) client.headers.push_back(header_of(text));
  if (!proxy_.empty()) client.proxy = proxy_ == "none" ? "" : proxy_;
  client.ping_interval = Seconds{ping_};
  client.connect_timeout = Seconds{connect_timeout_};
  client.tls.verify = !is_insecure_;
  if (reconnects_) client.reconnect.emplace();
  return TerminalClient(std::move(options_)).run();
}

}  // namespace simws::host
