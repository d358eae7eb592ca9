#include "host/commands/client_arguments.h"

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

}  // namespace

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
  app.add_option("--header", headers_,
                 "Field of the request, 'Name: value'. Can be given more than once")
      ->type_name("FIELD")
      ->check(check_header)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--token", token_, "What the server's option token asks for")->type_name("TOKEN");
  app.add_option("--subprotocol", options_.subprotocols,
                 "Subprotocol to offer, best first. Can be given more than once")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--origin", options_.origin, "Origin to come from, as a page would")
      ->type_name("ORIGIN");
  app.add_option("--proxy", proxy_,
                 "http://[user:password@]host:port to go through, or none. Without it the "
                 "environment says")
      ->type_name("URL");
}

void ClientArguments::add_tls(CLI::App& app) {
  ClientTls& tls = options_.tls;
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
