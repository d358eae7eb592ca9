#include "host/commands/connect_command.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>
#include <utility>

namespace simws::host {

namespace {

std::string check_header(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon != text.npos && colon > 0) return {};
  return "'" + text + "' is no header field: write 'Name: value'";
}

std::pair<std::string, std::string> header_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  std::string_view value = text.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  return {std::string(text.substr(0, colon)), std::string(value)};
}

std::string check_seconds(const std::string& text) {
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, seconds);
  if (error == std::errc{} && rest == end && seconds >= 0) return {};
  return "'" + text + "' is no time: write seconds, such as 0.5";
}

// "9000" and "robot:9000/path" will do.
std::string complete_uri(const std::string& text) {
  if (text.find("://") != text.npos) return text;
  const bool is_port = text.find_first_not_of("0123456789") == text.npos;
  return (is_port ? "ws://localhost:" : "ws://") + text;
}

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
  app.add_option("--header", headers_,
                 "Field of the request, 'Name: value'. Can be given more than once")
      ->type_name("FIELD")
      ->check(check_header)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--subprotocol", options_.client.subprotocols,
                 "Subprotocol to offer, best first. Can be given more than once")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--origin", options_.client.origin, "Origin to come from, as a page would")
      ->type_name("ORIGIN");
  app.add_option("--proxy", proxy_,
                 "http://[user:password@]host:port to go through, or none. Without it the "
                 "environment says")
      ->type_name("URL");
}

void ConnectCommand::add_tls(CLI::App& app) {
  ClientTls& tls = options_.client.tls;
  app.add_option("--ca", tls.ca, "PEM file of authorities to trust, instead of the system's")
      ->type_name("FILE");
  app.add_flag("--insecure", is_insecure_, "Take any certificate of the server");
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
