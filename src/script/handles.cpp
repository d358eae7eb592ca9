#include "script/handles.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>

namespace simws::script {

namespace {

constexpr std::string_view server_prefix = "simWS.Server:";
constexpr std::string_view client_prefix = "simWS.Client:";
constexpr std::string_view connection_prefix = "simWS.Connection:";

char* append(char* at, std::string_view text) {
  return std::copy(text.begin(), text.end(), at);
}

// A number as it's written in handles, at the front of `text`, which shrinks by it. Every call to a
// connection reads three of them.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  if (text.empty() || text.front() == '0') return std::nullopt;
  std::uint64_t number = 0;
  std::size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    const auto digit = static_cast<std::uint64_t>(text[count] - '0');
    if (number > (most - digit) / 10) return std::nullopt;
    number = number * 10 + digit;
  }
  if (count == 0) return std::nullopt;
  text.remove_prefix(count);
  return number;
}

}  // namespace

std::uint64_t shown_number(dispatch::EndpointId endpoint) {
  return endpoint / 2;
}

HandleText::HandleText(dispatch::EndpointId endpoint) {
  const std::string_view prefix = dispatch::is_client(endpoint) ? client_prefix : server_prefix;
  char* const number = append(text_.data(), prefix);
  char* const end = std::to_chars(number, text_.data() + text_.size(), shown_number(endpoint)).ptr;
  *end = '\0';
  length_ = static_cast<std::size_t>(end - text_.data());
}

HandleText::HandleText(ConnectionHandle connection) {
  char* const limit = text_.data() + text_.size();
  char* at = append(text_.data(), connection_prefix);
  at = std::to_chars(at, limit, shown_number(connection.endpoint)).ptr;
  *at++ = ':';
  at = std::to_chars(at, limit, connection.connection).ptr;
  *at = '\0';
  length_ = static_cast<std::size_t>(at - text_.data());
}

void LatestHandles::set(ConnectionHandle handle) {
  if (handle == handle_) return;
  if (handle.endpoint != handle_.endpoint) endpoint_ = HandleText(handle.endpoint);
  connection_ = HandleText(handle);
  handle_ = handle;
}

std::optional<ConnectionHandle> LatestHandles::find(std::string_view endpoint,
                                                    std::string_view connection) const {
  if (handle_.endpoint == 0 || endpoint != endpoint_.view()) return std::nullopt;
  if (connection != connection_.view()) return std::nullopt;
  return handle_;
}

std::optional<dispatch::EndpointId> parse_endpoint_handle(std::string_view text) {
  const bool is_client = text.starts_with(client_prefix);
  const std::string_view prefix = is_client ? client_prefix : server_prefix;
  if (!text.starts_with(prefix)) return std::nullopt;
  text.remove_prefix(prefix.size());
  const auto number = take_number(text);
  if (!text.empty() || !number || *number > std::numeric_limits<std::uint64_t>::max() / 2) {
    return std::nullopt;
  }
  return *number * 2 + (is_client ? 1 : 0);
}

std::optional<ConnectionNumbers> parse_connection_handle(std::string_view text) {
  if (!text.starts_with(connection_prefix)) return std::nullopt;
  text.remove_prefix(connection_prefix.size());
  const auto endpoint = take_number(text);
  if (!endpoint || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  const auto connection = take_number(text);
  if (!connection || !text.empty()) return std::nullopt;
  return ConnectionNumbers{*endpoint, *connection};
}

}  // namespace simws::script
