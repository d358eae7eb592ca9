#include "host/commands/resource_path.h"

#include "base/query.h"

#include <algorithm>
#include <utility>

namespace simws::host {

namespace {

std::optional<std::string> decode(std::string_view text) {
  std::string decoded;
  while (!text.empty()) {
    if (text.front() != '%') {
      decoded += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto byte = percent_decoded_front(text);
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
  for (const std::string& name : path.names) encoded.append(percent_encode(name)).append("/");
  const std::size_t query = resource.find('?');
  if (query != resource.npos) encoded += resource.substr(query);
  return encoded;
}

}  // namespace simws::host
