// The tickets that servers gave to a client, by which it comes back faster. For tls_*.cpp alone.
#pragma once

#include "transport/tls_openssl.h"

#include <string>
#include <utility>

namespace simws::transport {

// One is kept, of the server that gave the last one, and used once (RFC 8446, C.4).
class TlsTickets {
 public:
  void keep(const std::string& server, SessionPtr ticket) {
    server_ = server;
    ticket_ = std::move(ticket);
  }
  // Null: there's none.
  SessionPtr take(const std::string& server) {
    return server == server_ ? std::move(ticket_) : nullptr;
  }

 private:
  std::string server_;
  SessionPtr ticket_;
};

}  // namespace simws::transport
