// Handles as scripts see them: "simWS.Server:3", and "simWS.Connection:3:17" for its connection 17.
#pragma once

#include "dispatch/event.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace simws::script {

struct ConnectionHandle {
  dispatch::EndpointId endpoint = 0;
  dispatch::ConnectionId connection = 0;
};

// A handle's text, held inside, so that one is made for each event without taking memory.
class HandleText {
 public:
  explicit HandleText(dispatch::EndpointId server);
  explicit HandleText(ConnectionHandle connection);

  std::string_view view() const { return {text_.data(), length_}; }

 private:
  std::array<char, 64> text_;
  std::size_t length_ = 0;
};

// Nothing when the text isn't exactly a handle's.
std::optional<dispatch::EndpointId> parse_server_handle(std::string_view text);
std::optional<ConnectionHandle> parse_connection_handle(std::string_view text);

}  // namespace simws::script
