// Many machines: a server's topics travel by a broker (NATS) to any number of edges, which serve
// viewers as it does itself.
#pragma once

#include <cstdint>
#include <string>

namespace simws {

// How the broker is reached. What isn't needed is empty; files are PEM.
struct BrokerOptions {
  // nats://[user:password@ or token@]host[:port] or tls://…, several with commas between them
  std::string url;
  std::string credentials;  // a file with a JWT and a key (.creds)
  std::string ca;           // a file: whose certificates it may have; empty: the system's
  std::string certificate;  // a file: ours, with `private_key`
  std::string private_key;

  friend bool operator==(const BrokerOptions&, const BrokerOptions&) = default;
};

// Someone at an edge who publishes, as the edge says.
struct RemoteViewer {
  std::string edge;              // its name
  std::string address;           // of the viewer, "" where it isn't known
  std::uint64_t connection = 0;  // its number at the edge

  friend bool operator==(const RemoteViewer&, const RemoteViewer&) = default;
};

}  // namespace simws
