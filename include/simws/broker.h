// Many machines: a server's topics travel by a broker (NATS) to any number of edges, which serve
// viewers as it does itself.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simws {

// How the broker is reached. What isn't needed is empty; files are PEM.
struct BrokerOptions {
  // nats://[user:password@ or token@]host[:port] or tls://…, several with commas between them
  std::string url;
  std::string credentials;  // a file with a JWT and a key (.creds)
  std::string ca;           // a file: whose certificates it may have; empty: the system's
  std::string certificate;  // a file: ours, with `private_key`
  std::string private_key;
  // The path of the program simws-broker; empty: it's looked for beside this library, in the
  // folders libexec/simws and bin above, on the PATH, and where packages install it.
  std::string program;

  friend bool operator==(const BrokerOptions&, const BrokerOptions&) = default;
};

// Someone at an edge who publishes, as the edge says.
struct RemoteViewer {
  std::string edge;              // its name
  std::string address;           // of the viewer, "" where it isn't known
  std::uint64_t connection = 0;  // its number at the edge

  friend bool operator==(const RemoteViewer&, const RemoteViewer&) = default;
};

enum class BrokerState : std::uint8_t {
  connecting,  // the broker isn't reached
  open,        // what is published goes to the broker
  held,        // another server has the name: nothing is published
  error,       // something has to be done: BrokerInfo::error says what
};

// As scripts write them.
inline constexpr std::array<std::string_view, 4> broker_state_names = {"connecting", "open", "held",
                                                                       "error"};

// How a server gets on with its broker.
struct BrokerInfo {
  std::string url;   // without passwords
  std::string name;  // by which edges find the server
  BrokerState state = BrokerState::connecting;
  std::string error;            // what doesn't work, and what to do; empty: nothing
  std::string server;           // the broker's name or address, while it's open
  std::uint64_t published = 0;  // messages handed on for the broker
  std::uint64_t dropped = 0;    // not handed on: they came faster than the broker takes them
  std::uint64_t conflated = 0;  // not handed on, for a newer one of their key came
  std::size_t queued_bytes = 0;
  std::uint64_t incoming = 0;                               // what viewers of edges have published
  std::uint64_t incoming_dropped = 0;                       // of these, refused or too many
  std::optional<std::chrono::duration<double>> round_trip;  // to the broker and back, lately
};

}  // namespace simws
