// Handles as scripts see them: "simWS.Server:3" and "simWS.Client:4", and "simWS.Connection:3:17"
// for connection 17 of what has the number 3.
#pragma once

#include "dispatch/event.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace simws::script {

struct ConnectionHandle {
  dispatch::EndpointId endpoint = 0;
  dispatch::ConnectionId connection = 0;

  bool operator==(const ConnectionHandle&) const = default;
};

// A handle's text, held inside, so that it takes no memory. A NUL follows it.
class HandleText {
 public:
  explicit HandleText(dispatch::EndpointId endpoint);
  explicit HandleText(ConnectionHandle connection);

  std::string_view view() const { return {text_.data(), length_}; }

 private:
  std::array<char, 64> text_;
  std::size_t length_ = 0;
};

// The handles of an event, which mostly are those of the event before.
class LatestHandles {
 public:
  // The texts live until the next time.
  void set(ConnectionHandle handle);
  std::string_view endpoint() const { return endpoint_.view(); }
  std::string_view connection() const { return connection_.view(); }

  // The handle, if that's what the texts are; nothing: they may be other handles.
  std::optional<ConnectionHandle> find(std::string_view endpoint,
                                       std::string_view connection) const;

 private:
  ConnectionHandle handle_;  // 0: none yet
  HandleText endpoint_{handle_.endpoint};
  HandleText connection_{handle_};
};

// A connection's handle shows the number of its server or client, not which of the two it is.
struct ConnectionNumbers {
  std::uint64_t endpoint = 0;
  dispatch::ConnectionId connection = 0;
};
std::uint64_t shown_number(dispatch::EndpointId endpoint);

// Nothing when the text isn't exactly a handle's: of a server or a client; of a connection.
std::optional<dispatch::EndpointId> parse_endpoint_handle(std::string_view text);
std::optional<ConnectionNumbers> parse_connection_handle(std::string_view text);

}  // namespace simws::script
