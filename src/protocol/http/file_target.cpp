#include "protocol/http/file_target.h"

#include "base/bytes.h"
#include "base/query.h"
#include "base/utf8.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <array>
#include <utility>

namespace simws::protocol::http {

namespace {

// "COM1", and with a superscript digit, which Windows takes for the same.
bool is_numbered_device(std::string_view name) {
  const std::string_view kind = name.substr(0, 3);
  if (!equals_ignoring_case(kind, "com") && !equals_ignoring_case(kind, "lpt")) return false;
  const std::string_view number = name.substr(kind.size());
  if (number.size() == 1) return is_digit(number.front());
  return number == "\u00b9" || number == "\u00b2" || number == "\u00b3";
}

// With any ending: Windows doesn't look at that.
bool is_dos_device(std::string_view name) {
  constexpr std::array<std::string_view, 6> devices{"con", "prn",    "aux",
                                                    "nul", "conin$", "conout$"};
  std::string_view stem = name.substr(0, name.find('.'));
  while (stem.ends_with(' ')) stem.remove_suffix(1);
  return is_numbered_device(stem) || std::ranges::any_of(devices, [&](std::string_view device) {
           return equals_ignoring_case(device, stem);
         });
}

bool has_separator(std::string_view name) {
  return std::ranges::any_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || c == '/' || c == '\\' || c == ':';
  });
}

// Takes "/name" off the front of a path, and returns the name as it was written.
std::string_view take_name(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view name = path.substr(0, path.find('/'));
  path.remove_prefix(name.size());
  return name;
}

std::string encode(std::span<const std::string> names) {
  std::string encoded;
  for (const std::string& name : names) encoded.append(percent_encode(name)).append("/");
  return encoded;
}

Error bad_prefix(std::string_view prefix, std::string_view why) {
  return {ErrorCode::invalid_argument,
          "the prefix " + in_quotes(prefix) + ' ' + std::string(why) +
              R"(; it's a path such as "/" or "/app", not encoded, without a query)"};
}

}  // namespace

bool is_served_name(std::string_view name) {
  if (name.empty() || name.front() == '.' || has_separator(name)) return false;
  if (name.back() == '.' || name.back() == ' ' || is_dos_device(name)) return false;
  return is_utf8(as_bytes(name));
}

// Its own names may be hidden ones: "/.well-known" is asked for.
Result<Names> parse_prefix(std::string_view prefix) {
  if (!prefix.starts_with('/')) return bad_prefix(prefix, "doesn't begin with a slash");
  if (prefix.find_first_of("?#%") != prefix.npos || !is_utf8(as_bytes(prefix))) {
    return bad_prefix(prefix, "has characters that no path has");
  }
  Names names;
  for (std::string_view rest = prefix; !rest.empty() && rest != "/";) {
    const std::string_view name = take_name(rest);
    if (name.empty()) return bad_prefix(prefix, "has an empty name");
    if (name == "." || name == ".." || has_separator(name)) {
      return bad_prefix(prefix, "has a name that no folder has");
    }
    names.emplace_back(name);
  }
  return names;
}

std::optional<std::string_view> beneath(std::span<const std::string> prefix,
                                        std::string_view resource) {
  std::string_view path = resource.substr(0, resource.find_first_of("?#"));
  for (const std::string& name : prefix) {
    if (!path.starts_with('/') || percent_decoded(take_name(path)) != name) return std::nullopt;
  }
  if (!path.empty() && !path.starts_with('/')) return std::nullopt;
  return path;
}

std::optional<FileTarget> parse_file_target(std::string_view path) {
  FileTarget target;
  while (!path.empty()) {
    const std::string_view written = take_name(path);
    target.is_folder = written.empty() && path.empty();
    if (target.is_folder) break;
    auto name = percent_decoded(written);
    if (!name || !is_served_name(*name)) return std::nullopt;
    target.names.push_back(std::move(*name));
  }
  return target;
}

std::string folder_resource(std::span<const std::string> prefix, std::span<const std::string> names,
                            std::string_view resource) {
  std::string encoded = "/" + encode(prefix) + encode(names);
  const std::size_t query = resource.find('?');
  if (query != resource.npos) encoded += resource.substr(query);
  return encoded;
}

}  // namespace simws::protocol::http
