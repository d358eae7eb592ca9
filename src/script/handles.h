// Handles as scripts see them: "simWS.Server:3", and "simWS.Connection:3:17" for its connection 17.
#pragma once

#include "dispatch/event.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace simws::script {

struct ConnectionHandle {
  dispatch::ServerId server = 0;
  dispatch::ConnectionId connection = 0;

  bool operator==(const ConnectionHandle&) const = default;
};

// A handle's text, held inside, so that it takes no memory. A NUL follows it.
class HandleText {
 public:
  explicit HandleText(dispatch::ServerId server);
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
  std::string_view server() const { return server_.view(); }
  std::string_view connection() const { return connection_.view(); }

  // The handle, if that's what the texts are; nothing: they may be other handles.
  std::optional<ConnectionHandle> find(std::string_view server, std::string_view connection) const;

 private:
  ConnectionHandle handle_;  // 0: none yet
  HandleText server_{handle_.server};
  HandleText connection_{handle_};
};

// Nothing when the text isn't exactly a handle's.
std::optional<dispatch::ServerId> parse_server_handle(std::string_view text);
std::optional<ConnectionHandle> parse_connection_handle(std::string_view text);

}  // namespace simws::script
