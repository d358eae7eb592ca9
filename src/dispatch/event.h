// What happened on the network, as the script's thread gets to know it.
#pragma once

#include "base/buffer.h"

#include <simws/broker.h>
#include <simws/http.h>
#include <simws/opcode.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace simws::dispatch {

// A server or a client. Numbers are given out once in the life of the process, never again, and
// grow; those of clients are odd.
using EndpointId = std::uint64_t;
constexpr bool is_client(EndpointId endpoint) {
  return endpoint % 2 == 1;
}
// Counted from 1 within a server or client, in the order in which the script first hears of
// connections.
using ConnectionId = std::uint64_t;

// All kinds of events a script hears of. Whatever has something for each of them is made from this
// list, or doesn't compile when it lacks one.
#define SIMWS_EVENT_KINDS(KIND) \
  KIND(open) KIND(fail) KIND(close) KIND(message) KIND(http) KIND(upgrade) KIND(drop)

#define SIMWS_ENUMERATOR(name) name,
enum class EventKind : std::uint8_t { SIMWS_EVENT_KINDS(SIMWS_ENUMERATOR) };
#undef SIMWS_ENUMERATOR

#define SIMWS_NAME(name) std::string_view(#name),
inline constexpr std::array event_names = {SIMWS_EVENT_KINDS(SIMWS_NAME)};
#undef SIMWS_NAME
inline constexpr std::size_t event_kind_count = event_names.size();

constexpr std::string_view event_name(EventKind kind) {
  return event_names[static_cast<std::size_t>(kind)];
}

// Views are valid while the event is handled.
struct Event {
  EventKind kind = EventKind::open;
  EndpointId endpoint = 0;
  ConnectionId connection = 0;
  Opcode opcode = Opcode::text;  // message
  std::string_view data;         // message, http (body)
  // Of a large message: the memory that it lies in. Whoever has made a copy may release it, so that
  // what is sent meanwhile can have it; then `data` ends there. Null: it isn't the message's alone.
  Buffer* memory = nullptr;
  std::string_view method;    // http, upgrade
  std::string_view resource;  // http, upgrade
  std::string_view topic;     // drop; message: of what a page has published, or empty
  std::size_t count = 0;      // drop: messages
  // message: of whom at an edge, who has published it; the connection is 0 then. Null: of none.
  const RemoteViewer* viewer = nullptr;
};

// Takes events on the script's thread, one at a time (but `stop` inside an event hands on the close
// events before it returns). It may call anything on the dispatcher, but `poll` and `serve`.
class EventHandler {
 public:
  virtual void on_event(const Event& event) = 0;

 protected:
  ~EventHandler() = default;
};

}  // namespace simws::dispatch
