#include "host/commands/resource_path.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace simws::host {

namespace {

std::optional<char> decode_byte(std::string_view digits) {
  unsigned value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value, 16);
  if (digits.size() != 2 || error != std::errc{} || rest != end) return std::nullopt;
  return static_cast<char>(value);
}

std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto byte = decode_byte(text.substr(1, 2));
    if (!byte) return std::nullopt;
    decoded += *byte;
    text.remove_prefix(3);
  }
  return decoded;
}

// Hidden ones begin with a dot, as "." and ".." do. A slash was encoded if there is one.
bool is_served_name(std::string_view name) {
  return !name.empty() && name.front() != '.' && name.find('/') == name.npos &&
         name.find('\0') == name.npos;
}

bool is_unreserved(char c) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view others = "0123456789-._~";
  return letters.find(c) != letters.npos || others.find(c) != others.npos;
}

void append_encoded(std::string& out, std::string_view name) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_unreserved(c)) {
      out += c;
    } else {
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
}

}  // namespace

std::optional<ResourcePath> parse_resource_path(std::string_view resource) {
  std::string_view rest = resource.substr(0, resource.find_first_of("?#"));
  ResourcePath path;
  if (rest.empty()) return std::nullopt;
  while (!rest.empty()) {
    if (rest.front() != '/') return std::nullopt;
    rest.remove_prefix(1);
    path.is_folder = rest.empty();
    if (path.is_folder) break;
    const std::size_t size = std::min(rest.find('/'), rest.size());
    auto name = decode(rest.substr(0, size));
    if (!name || !is_served_name(*name)) return std::nullopt;
    path.names.push_back(std::move(*name));
    rest.remove_prefix(size);
  }
  return path;
}

std::string folder_resource(const ResourcePath& path, std::string_view resource) {
  std::string encoded = "/";
  for (const std::string& name : path.names) {
    append_encoded(encoded, name);
    encoded += '/';
  }
  const std::size_t query = resource.find('?');
  if (query != resource.npos) encoded += resource.substr(query);
  return encoded;
}

}  // namespace simws::host
