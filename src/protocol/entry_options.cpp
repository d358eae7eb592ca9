#include "protocol/entry_options.h"

#include "protocol/http/authority.h"
#include "protocol/http/origin.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::protocol {

namespace {

using http::Authority;

Error bad_entry(std::string_view option, std::string_view entry, std::string_view why) {
  std::string message = "option ";
  message.append(option).append(": ").append(http::in_quotes(entry)).append(" ").append(why);
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (!std::ranges::all_of(entry, is_ascii)) message += "; it may have ASCII characters only";
  return {ErrorCode::invalid_argument, std::move(message)};
}

// Entries are the same when what `meaning` makes of them is.
template <typename Meaning>
Result<void> check_once(std::string_view option, std::span<const std::string> entries,
                        Meaning meaning) {
  std::vector<std::pair<std::string, std::size_t>> seen;
  for (std::size_t i = 0; i < entries.size(); ++i) seen.emplace_back(meaning(entries[i]), i);
  std::ranges::sort(seen);
  const auto twice = std::ranges::adjacent_find(
      seen, [](const auto& one, const auto& other) { return one.first == other.first; });
  if (twice == seen.end()) return {};
  return bad_entry(option, entries[std::next(twice)->second], "is listed twice: leave one out");
}

// No wildcards: a host is listed by its whole name.
std::optional<Authority> parse_host(std::string_view entry) {
  auto host = http::parse_authority(entry);
  return host && host->host.find('*') == host->host.npos ? std::move(host) : std::nullopt;
}

std::string with_port(std::string text, std::optional<std::uint16_t> port) {
  return port ? text.append(":").append(std::to_string(*port)) : text;
}

// Nothing: no page has such an origin.
std::optional<std::string> meaning_of_origin(std::string_view entry) {
  if (entry == "*" || http::is_origin_of_file(entry)) return http::to_lower(entry);
  if (const auto origin = http::parse_origin(entry)) {
    if (origin->authority.host.find('*') != std::string::npos) return std::nullopt;
    return with_port(origin->scheme + "://" + origin->authority.host, origin->port());
  }
  const auto host = parse_host(entry);
  if (!host) return std::nullopt;
  return with_port(host->host, host->port);
}

Result<void> check_list_of_origins(std::string_view option, std::span<const std::string> origins) {
  for (const std::string& entry : origins) {
    if (meaning_of_origin(entry)) continue;
    return bad_entry(
        option, entry,
        "is no origin: use 'https://lab.example' or 'https://lab.example:8443' "
        "without a path, a whole name of a host, 'null' for pages opened from files and "
        "sandboxed frames, or '*' for any");
  }
  return check_once(option, origins,
                    [](const std::string& entry) { return *meaning_of_origin(entry); });
}

}  // namespace

Result<void> check_hosts(std::span<const std::string> hosts) {
  for (const std::string& entry : hosts) {
    if (parse_host(entry)) continue;
    return bad_entry("hosts", entry,
                     "is no name of a host: use whole names such as 'robot.lab.example', without "
                     "scheme and path ('*' stands for none)");
  }
  return check_once("hosts", hosts,
                    [](const std::string& entry) { return parse_host(entry)->host; });
}

Result<void> check_origins(std::span<const std::string> origins) {
  return check_list_of_origins("origins", origins);
}

Result<void> check_cors_origins(std::span<const std::string> origins) {
  return check_list_of_origins("corsOrigins", origins);
}

Result<void> check_subprotocols(std::span<const std::string> subprotocols) {
  for (const std::string& entry : subprotocols) {
    if (http::is_token(entry)) continue;
    return bad_entry("subprotocols", entry,
                     "is no name of a subprotocol: use letters, digits and !#$%&'*+-.^_`|~");
  }
  return check_once("subprotocols", subprotocols, [](const std::string& entry) { return entry; });
}

}  // namespace simws::protocol
