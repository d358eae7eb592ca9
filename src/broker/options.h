// How a NATS server is reached.
#pragma once

#include <string>

namespace simws::broker {

// Paths and texts; empty where not given.
struct BrokerOptions {
  std::string url;  // nats://[user:password@ | token@]host[:port], tls://…; commas between several
  std::string credentials;  // a file with a JWT and a key (`.creds`)
  std::string
      ca;  // a file: the authorities that its certificate may come from; empty: the system's
  std::string certificate;  // a file: ours, with `private_key`
  std::string private_key;
};

}  // namespace simws::broker
