// What command lines say of a request: where to, with which header fields, and whom to trust.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace simws::host {

// --header, --subprotocol and --origin.
void add_handshake_options(CLI::App& app, std::vector<std::string>& headers,
                           std::vector<std::string>& subprotocols, std::string& origin);

// --ca and --insecure.
void add_trust_options(CLI::App& app, std::string& ca, bool& is_insecure);

// "9000" and "robot:9000/path" will do.
std::string complete_uri(const std::string& text);

// For the parser of options: empty, or why it can't be used.
std::string check_header(const std::string& text);

// REQUIRES: check_header found nothing.
std::pair<std::string, std::string> header_of(std::string_view text);

}  // namespace simws::host
