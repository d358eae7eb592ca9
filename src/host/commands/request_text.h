// What command lines say of a request: where to, and with which header fields.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace simws::host {

// "9000" and "robot:9000/path" will do.
std::string complete_uri(const std::string& text);

// For the parser of options: empty, or why it can't be used.
std::string check_header(const std::string& text);
std::string check_seconds(const std::string& text);

// REQUIRES: check_header found nothing.
std::pair<std::string, std::string> header_of(std::string_view text);

}  // namespace simws::host
