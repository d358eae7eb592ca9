#include "script/handles.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>

namespace simws::script {

namespace {

constexpr std::string_view server_prefix = "simWS.Server:";
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

HandleText::HandleText(dispatch::ServerId server) {
  char* const number = append(text_.data(), server_prefix);
  char* const end = std::to_chars(number, text_.data() + text_.size(), server).ptr;
  *end = '\0';
  length_ = static_cast<std::size_t>(end - text_.data());
}

HandleText::HandleText(ConnectionHandle connection) {
  char* const limit = text_.data() + text_.size();
  char* at = append(text_.data(), connection_prefix);
  at = std::to_chars(at, limit, connection.server).ptr;
  *at++ = ':';
  at = std::to_chars(at, limit, connection.connection).ptr;
  *at = '\0';
  length_ = static_cast<std::size_t>(at - text_.data());
}

void LatestHandles::set(ConnectionHandle handle) {
  if (handle == handle_) return;
  if (handle.server != handle_.server) server_ = HandleText(handle.server);
  connection_ = HandleText(handle);
  handle_ = handle;
}

std::optional<ConnectionHandle> LatestHandles::find(std::string_view server,
                                                    std::string_view connection) const {
  if (handle_.server == 0 || server != server_.view()) return std::nullopt;
  if (connection != connection_.view()) return std::nullopt;
  return handle_;
}

std::optional<dispatch::ServerId> parse_server_handle(std::string_view text) {
  if (!text.starts_with(server_prefix)) return std::nullopt;
  text.remove_prefix(server_prefix.size());
  const auto server = take_number(text);
  if (!text.empty()) return std::nullopt;
  return server;
}

std::optional<ConnectionHandle> parse_connection_handle(std::string_view text) {
  if (!text.starts_with(connection_prefix)) return std::nullopt;
  text.remove_prefix(connection_prefix.size());
  const auto server = take_number(text);
  if (!server || !text.starts_with(':')) return std::nullopt;
  text.remove_prefix(1);
  const auto connection = take_number(text);
  if (!connection || !text.empty()) return std::nullopt;
  return ConnectionHandle{*server, *connection};
}

}  // namespace simws::script
