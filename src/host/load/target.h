// The server that gets the load.
#pragma once

#include "host/load/options.h"
#include "host/load/tls_end.h"
#include "protocol/client_handshake.h"
#include "protocol/uri.h"
#include "transport/stream.h"

#include <string>
#include <vector>

namespace simws::load {

struct Target {
  // Looks the name up, which may wait. Gives up where the options can't be used.
  explicit Target(const LoadOptions& options);

  // Of the opening handshake; empty with `raw`.
  std::string request;
  // What its answer is judged by.
  protocol::ClientExpectation expectation;

  protocol::Uri uri;
  std::vector<transport::Address> addresses;  // the first one that answers counts from then on
  TlsContext tls;                             // null: plain
  const LoadOptions* options;                 // must outlive it
};

}  // namespace simws::load
