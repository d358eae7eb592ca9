#include "host/commands/request_text.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string_view>

namespace simws::host {

void add_handshake_options(CLI::App& app, std::vector<std::string>& headers,
                           std::vector<std::string>& subprotocols, std::string& origin) {
  app.add_option("--header", headers,
                 "Field of the request, 'Name: value'. Can be given more than once")
      ->type_name("FIELD")
      ->check(check_header)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--subprotocol", subprotocols,
                 "Subprotocol to offer, best first. Can be given more than once")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--origin", origin, "Origin to come from, as a page would")->type_name("ORIGIN");
}

void add_trust_options(CLI::App& app, std::string& ca, bool& is_insecure) {
  app.add_option("--ca", ca, "PEM file of authorities to trust, instead of the system's")
      ->type_name("FILE");
  app.add_flag("--insecure", is_insecure, "Take any certificate of the server");
}

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

// "9000" and "robot:9000/path" will do.
std::string complete_uri(const std::string& text) {
  if (text.find("://") != text.npos) return text;
  const bool is_port = text.find_first_not_of("0123456789") == text.npos;
  return (is_port ? "ws://localhost:" : "ws://") + text;
}

}  // namespace simws::host
