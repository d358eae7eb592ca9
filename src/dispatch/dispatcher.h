// The servers of one script: what it asks of them goes to the network, what happens there comes
// back as events, on its own thread only.
#pragma once

#include "dispatch/event.h"
#include "dispatch/network.h"

#include <simws/connection.h>
#include <simws/options.h>
#include <simws/result.h>
#include <simws/server.h>

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace simws::dispatch {

// Belongs to the script's thread. Errors: invalid_handle for a server or connection that never
// existed or is of another server; what each function says besides.
class Dispatcher {
 public:
  // Both must outlive the dispatcher.
  Dispatcher(Network& network, EventHandler& handler);
  // Stops all servers, without events.
  ~Dispatcher();

  Result<ServerId> start(int port, ServerOptions options);
  // Hands on a close event for each connection whose open event was handed on (1001, not clean),
  // before it returns.
  Result<void> stop(ServerId server);
  // Stops all of them, with close events.
  void stop_all();

  // As Connection::send, close and respond; false also for a connection that has closed.
  Result<bool> send(ServerId server, ConnectionId connection, std::string_view data, Opcode opcode,
                    bool fin);
  Result<bool> close(ServerId server, ConnectionId connection, CloseCode code,
                     std::string_view reason);
  // False outside the http event of this connection, and the second time in it. An event that isn't
  // answered when its handler returns gets 404. Error: see HttpResponse; the client gets 500.
  Result<bool> respond(ServerId server, ConnectionId connection, const HttpResponse& response);
  Result<std::size_t> broadcast(ServerId server, std::string_view data, Opcode opcode);

  // Open ones, in the order they opened.
  Result<std::vector<ConnectionId>> connections(ServerId server) const;
  // Until the close or fail event has been handled.
  Result<ConnectionInfo> connection_info(ServerId server, ConnectionId connection) const;
  Result<ServerInfo> server_info(ServerId server) const;
  // There is at least one server.
  bool is_serving() const;

  // Cheap enough for every pass of a simulation.
  bool has_events() const;
  // One pass: handles waiting events, in turn over the connections, until `budget` is used up (at
  // least one). Returns how many. Costs next to nothing when none wait.
  std::size_t deliver(Seconds budget);
  // Waits until an event waits, at most `timeout` (negative: without end), or until `interrupt`.
  void wait(Seconds timeout);
  // Readable while events wait.
  int fileno();

  // Drives the network by the calling thread, which handles each event as it comes, for `timeout`
  // (negative: without end), until `interrupt`, or until no server is left. Returns how many. A
  // network thread that drove it before does so again afterwards.
  std::size_t serve(Seconds timeout);

  // Ends a `wait` or `serve`; where none is under way, the next one. From any thread, and from a
  // signal handler.
  void interrupt();

  // A handler is under way: `deliver` and `serve` may not be called.
  bool is_delivering() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace simws::dispatch
