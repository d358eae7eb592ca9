#include "endpoint/retired_connections.h"

#include "endpoint/client_core.h"

namespace simws::endpoint {

void RetiredConnections::add(ClientConnection& connection) noexcept {
  connections_.take(connection);
  turn_end_.want(*this);
}

void RetiredConnections::destroy_those_of(const ClientCore& core, std::size_t count) noexcept {
  for (auto at = connections_.begin(); count > 0 && at != connections_.end();) {
    ClientConnection& connection = *at++;
    if (&connection.core() != &core) continue;
    const auto destroyed = OwningList<ClientConnection>::remove(connection);
    --count;
  }
}

void RetiredConnections::end_turn() {
  while (!connections_.empty()) {
    ClientConnection& connection = connections_.front();
    ClientCore& core = connection.core();
    OwningList<ClientConnection>::remove(connection).reset();
    core.note_destroyed();
  }
}

}  // namespace simws::endpoint
