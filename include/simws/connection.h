// One client of a server, from its first byte to its end.
#pragma once

#include <simws/close_code.h>
#include <simws/http.h>
#include <simws/opcode.h>
#include <simws/options.h>
#include <simws/result.h>
#include <simws/tls.h>
#include <simws/traffic.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws {

class Buffer;

namespace protocol {
class Charge;
class Outlet;
struct OutgoingMessage;
enum class Verdict : std::uint8_t;
}  // namespace protocol

enum class ConnectionState { connecting, open, closing, closed };

// What is known of a connection, but for what is counted.
struct ConnectionFacts {
  std::string remote_address;  // "[::1]:50312"; whom a proxy speaks for may have no port: "::1"
  RequestHead request;         // the latest one; tokens of ServerOptions are "***" in it
  std::string subprotocol;     // empty: none
  bool compression = false;    // agreed on
  std::shared_ptr<const ConnectionTls> tls;  // null: plain, or not yet agreed on
  std::size_t queued_bytes = 0;
  std::optional<Seconds> round_trip_time;  // of the latest ping answered
  ConnectionState state = ConnectionState::connecting;
  std::optional<CloseCode> close_code;  // once it has closed
  std::string close_reason;
  bool clean = false;  // the closing handshake was completed
  std::string error;   // why it failed, or why it wasn't closed cleanly, in words
};

struct ConnectionInfo : ConnectionFacts, Traffic {};

struct SendOptions {
  bool fin = true;       // false: more fragments of this message follow
  bool compress = true;  // false: not even where compression was agreed on
};

// Belongs to its server and to the thread of the server's event loop. Pointers may be kept until
// the release handler has returned.
class Connection {
 public:
  virtual ~Connection() = default;

  // Queues one message, or one fragment when `fin` is false or the opcode is continuation. True:
  // queued. False: the connection has closed, which is no error. Error, and nothing is sent: text
  // that isn't UTF-8, a fragment out of order, more than max_queued_bytes in one message.
  virtual Result<bool> send(std::string_view data, Opcode opcode = Opcode::text,
                            SendOptions options = {}) = 0;

  // Starts the closing handshake (RFC 6455, 7.1.2). False when it is under way or over already.
  // Error: a code that may not be sent, a reason over 123 bytes or not UTF-8.
  virtual Result<bool> close(CloseCode code = CloseCode::normal, std::string_view reason = {}) = 0;

  // For a peer that doesn't keep up: as `close`, but frames that are queued and not begun are
  // dropped first, and the close handler is called with this code soon, without waiting for the
  // peer.
  virtual Result<bool> close_now(CloseCode code, std::string_view reason = {}) = 0;

  // Answers the HTTP request of the http handler, inside it or later. False when nothing is asked.
  // An answer that can't be sent (see HttpResponse) is an error; the client then gets 500.
  virtual Result<bool> respond(HttpResponse response) = 0;

  // Opens the WebSocket of the upgrade handler's request, inside it or later: the open handler is
  // called when that has returned. `headers` are added to the answer. `respond` refuses it, with a
  // status from 400 to 599 (another one is an error). False when nothing is asked, or no more: it's
  // answered, the peer has left, or handshake_timeout has passed (503). Error: headers that can't
  // be sent, or are the handshake's own (Sec-WebSocket-*, Connection, Upgrade, lengths, Server);
  // the client then gets 500.
  virtual Result<bool> admit(HeaderList headers = {}) = 0;

  // For an application that hands messages to another thread: counts them against
  // max_pending_bytes until they are handled, so that reading stops while it doesn't keep up. What
  // is held when the release handler has returned stays held, until Server::release_pending.
  virtual void hold_pending(std::size_t bytes) = 0;
  virtual void release_pending(std::size_t bytes) = 0;

  virtual ConnectionState state() const = 0;
  virtual ConnectionInfo info() const = 0;

  // From any thread, while the connection exists.
  virtual std::size_t queued_bytes() const = 0;
  virtual std::optional<Seconds> round_trip_time() const = 0;

  // For the application's own use; null at first.
  void* user_data = nullptr;

  // For this library's bindings, whose sends come from another thread: what its outlet has admitted
  // there is delivered here, on the loop's thread, as is an answer whose body has been. What it
  // refused because too many bytes wait, here or in all, is told: `overflow` of a message,
  // `refuse_answer` of an answer of so many bytes.
  virtual const std::shared_ptr<protocol::Outlet>& outlet() const = 0;
  virtual void deliver(protocol::OutgoingMessage& message) noexcept = 0;
  virtual Result<bool> respond(HttpResponse response, protocol::Charge charge) = 0;
  // No handler has answered: who serves files since the request came does, else it's `response`.
  virtual void respond_by_default(HttpResponse response) noexcept = 0;
  virtual void overflow(protocol::Verdict verdict) noexcept = 0;
  virtual void refuse_answer(std::size_t bytes) noexcept = 0;
  // Inside its message handler: the memory in which the message lies, which may be moved from.
  // Null: it lies elsewhere.
  virtual Buffer* message_memory() noexcept = 0;

 protected:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
};

}  // namespace simws
