// What clients of a loop that were asked for in the same way have in common, once for all of them:
// a program that makes a thousand says the same a thousand times.
#pragma once

#include "endpoint/deadlines.h"
#include "endpoint/reading_gate.h"
#include "protocol/client_handshake.h"
#include "protocol/proxy.h"
#include "protocol/retry.h"
#include "protocol/uri.h"

#include <simws/client_options.h>

#include <memory>
#include <mutex>
#include <optional>

namespace simws::endpoint {

// Where it goes, as it was checked.
struct Destination {
  protocol::Uri uri;
  bool asks_environment = false;  // for a proxy
  std::optional<protocol::Proxy> proxy;
  protocol::ProxyVariables variables;

  bool operator==(const Destination&) const = default;
};

// What options say to the protocol.
protocol::RetryOptions retry_options(const Reconnect& reconnect);
protocol::ClientRequest client_request(const ClientOptions& options);

struct ClientProfile {
  // All options but the logger.
  ClientProfile(transport::Loop& loop, Destination to, ClientOptions how);

  const Destination destination;
  const ClientOptions options;
  const protocol::RetryOptions retry;
  const ReadingLimits reading;
  Deadlines deadlines;
  // Held by who replaces what a client knows of its TLS, or reads it on another thread.
  std::mutex tls_mutex;
};

// Belongs to its loop's thread.
class ClientProfiles {
 public:
  // The latest one, where it's the same.
  std::shared_ptr<ClientProfile> find_or_make(transport::Loop& loop, Destination to,
                                              ClientOptions how);

 private:
  std::weak_ptr<ClientProfile> latest_;
};

}  // namespace simws::endpoint
