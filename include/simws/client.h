// A WebSocket client: one connection to a server, made anew when it's lost, if wanted.
#pragma once

#include <simws/client_options.h>
#include <simws/connection.h>
#include <simws/event_loop.h>
#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws {

// Any of them may be empty. What a handler throws is logged and survived. Each attempt to connect
// is a Connection of its own, of which either `open` or `fail` is told.
struct ClientHandlers {
  // The opening handshake is done; connection.info().request holds the fields of the answer.
  std::function<void(Connection&)> open;
  // The attempt came to nothing; info().error says why. Whether another follows says
  // Client::info().
  std::function<void(Connection&)> fail;
  // Exactly once for each connection that was opened, as its last event.
  std::function<void(Connection&)> close;
  // One whole message; `data` is valid during the call only.
  std::function<void(Connection&, std::string_view data, Opcode opcode)> message;
  // The last call for each connection that any of the others was called for: pointers to it must be
  // forgotten now.
  std::function<void(Connection&)> release;
};

enum class ClientState {
  connecting,
  open,
  waiting,  // for the next attempt
  closed,   // and no attempt follows
};

struct ClientInfo {
  std::string uri;  // without secrets
  ClientState state = ClientState::connecting;
  std::uint64_t attempts = 0;           // so far
  std::optional<Seconds> next_attempt;  // while waiting: from now
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_in = 0;   // of the network
  std::uint64_t bytes_out = 0;  // of the network
  std::uint64_t dropped = 0;    // messages that were queued and could not be sent
  std::size_t queued_bytes = 0;
  std::shared_ptr<const ConnectionTls> tls;  // of the open connection; null: plain, or none is
};

// Belongs to its event loop's thread.
class Client {
 public:
  // Returns at once; all that takes time happens as the loop runs, and no handler is called inside.
  // Errors: a malformed URI, an option outside what it may be, a file of `tls` that can't be used.
  static Result<std::unique_ptr<Client>> connect(EventLoop& loop, std::string_view uri,
                                                 ClientOptions options, ClientHandlers handlers);
  // The same for clients that share one set of handlers, of which there may be many: each then
  // takes less memory. Null: there are none.
  static Result<std::unique_ptr<Client>> connect(EventLoop& loop, std::string_view uri,
                                                 ClientOptions options,
                                                 std::shared_ptr<const ClientHandlers> handlers);

  // Disconnects, but without calling any handler.
  virtual ~Client() = default;

  // Calls the close handler of an open connection (1000), and the release handlers, all before it
  // returns; then no handler is called again, and no attempt is made. While connecting, neither
  // open nor fail is called. What was queued, and the Close frame, still leave as the loop runs on,
  // until close_timeout. Legal inside every handler.
  virtual void disconnect() = 0;

  // As Connection::send, on the open connection. While there is none: false; with keep_queue whole
  // messages are kept until the next open handler has returned (true), as long as that is to come.
  virtual Result<bool> send(std::string_view data, Opcode opcode = Opcode::text,
                            SendOptions options = {}) = 0;

  // The open one; null: there is none.
  virtual Connection* connection() = 0;

  // As Connection::release_pending, of connections that have ended.
  virtual void release_pending(std::size_t bytes) = 0;

  // From any thread.
  virtual ClientState state() const = 0;
  virtual ClientInfo info() const = 0;

 protected:
  Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
};

}  // namespace simws
