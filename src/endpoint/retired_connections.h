// Clients' connections that have ended, on one loop: they are destroyed at the end of the turn,
// when none of their functions is under way.
#pragma once

#include "endpoint/client_connection.h"
#include "endpoint/turn_end.h"

#include <cstddef>

namespace simws::endpoint {

class RetiredConnections final : private TurnEndWork {
 public:
  // REQUIRES: the turn's end outlives it, and it all clients.
  explicit RetiredConnections(TurnEnd& turn_end) : turn_end_(turn_end) {}
  ~RetiredConnections() override { turn_end_.forget(*this); }

  // Out of its client's list. The client is told when it has been destroyed.
  void add(ClientConnection& connection) noexcept;
  // The client goes: destroys its `count` connections that are here, and tells nothing.
  void destroy_those_of(const ClientCore& core, std::size_t count) noexcept;

 private:
  void end_turn() override;

  TurnEnd& turn_end_;
  OwningList<ClientConnection> connections_;
};

}  // namespace simws::endpoint
