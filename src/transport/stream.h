// Bytes to and from one peer.
#pragma once

#include "base/bytes.h"
#include "transport/tls_info.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace simws::transport {

// An IP address and port, small enough to keep per connection.
struct Address {
  std::array<std::uint8_t, 16> ip{};  // IPv4 in the first four bytes
  std::uint16_t port = 0;
  bool is_ipv6 = false;

  std::string to_string() const;     // "127.0.0.1:80", "[::1]:80"
  std::string ip_to_string() const;  // "127.0.0.1", "::1"
  friend bool operator==(const Address&, const Address&) = default;
};

// What a stream tells. A handler may call anything on the stream, close it too, but destroys it
// only after the call has returned.
class StreamHandler {
 public:
  // `data` is the stream's own for the duration of the call and may be changed in place.
  virtual void on_data(MutableBytes data) = 0;
  // How much of what has come `on_data` may get by one call: one of these. Much is read with fewer
  // calls to the system, and holds up the loop's other streams for longer.
  static constexpr std::size_t usual_at_once = 64u << 10, much_at_once = 256u << 10;
  virtual std::size_t most_at_once() const { return usual_at_once; }
  // The peer has finished sending (empty reason), or the connection is lost (the reason in words).
  // Nothing is read after it; after a loss nothing can be written either. Each is told once, and a
  // loss may follow an end. A stream that is paused notices neither an end nor, but for a write
  // that fails, a loss.
  virtual void on_end(bool lost, std::string reason) = 0;
  // After a `write` that took less than all or left `pending_bytes`, unless `finish_writing` has
  // been called since: some of that has left, and there may be room again. After `finish_writing`
  // and the peer's end: the last `pending_bytes` have left.
  virtual void on_writable() = 0;

 protected:
  ~StreamHandler() = default;
};

class Socket;
struct Transfer;

// What a stream asks of the system: to send `bytes` on `socket`. No socket: nothing.
struct Outgoing {
  Socket* socket = nullptr;
  Bytes bytes;
};

// Belongs to its loop's thread. Destroying it closes it (as `close`).
class Stream {
 public:
  virtual ~Stream() = default;

  // REQUIRES: set before reading starts; the handler outlives the stream.
  virtual void set_handler(StreamHandler* handler) = 0;

  // Streams start paused. What was read together with other streams before `stop_reading` is still
  // told in the same turn.
  virtual void start_reading() = 0;
  virtual void stop_reading() = 0;

  // Takes the front of `pieces`, in order, and returns how many bytes: less than all when the peer
  // doesn't keep up; `on_writable` then says when to go on, and until then it may take nothing.
  // What was taken leaves by itself. A loss is told by `on_end`, later.
  virtual std::size_t write(std::span<const Bytes> pieces) = 0;
  // A `write` of one piece in two halves, for the loop that makes the call to the system for many
  // streams in between: what to send, and what came of it. REQUIRES: `bytes` isn't empty;
  // `end_write` gets the same ones, and nothing else is called on the stream meanwhile. Without a
  // socket there's no second half: `write` does it all.
  virtual Outgoing begin_write(Bytes bytes) = 0;
  // Returns as `write` does.
  virtual std::size_t end_write(Bytes bytes, const Transfer& transfer) = 0;
  // Taken, and not yet by the system: 0 but for a stream that sends other bytes than it takes.
  virtual std::size_t pending_bytes() const = 0;

  // The system is to take no more than so many bytes that it hasn't sent yet, where it can be told
  // so: what waits there can't be passed by anything.
  virtual void limit_unsent(std::size_t) {}

  // How many of the bytes sent the peer's system has acknowledged since the connection began. It
  // never falls. None: this system doesn't tell, or the stream is closed.
  virtual std::optional<std::uint64_t> acknowledged_bytes() const = 0;
  // What the system has received, and the stream has not read.
  virtual std::size_t readable_bytes() const = 0;

  // After what was taken has left, tells the peer that nothing more will come. Reading goes on.
  virtual void finish_writing() = 0;
  // Ends the connection at once, with what has not yet left dropped; the peer sees an end (if it
  // still sends, it may see a reset). No event follows.
  virtual void close() = 0;
  // As `close`, but the peer sees a reset.
  virtual void reset() = 0;

  virtual Address remote_address() const = 0;
  // None: it isn't TLS, or the peers haven't shaken hands yet.
  virtual std::optional<TlsInfo> tls() const { return std::nullopt; }
  // Of who accepts TLS: what the peer has begun with.
  virtual TlsStart tls_start() const { return TlsStart::nothing; }
  // It was lost because one side doesn't take the other's certificate, and will be again.
  virtual bool was_certificate_refused() const { return false; }
};

}  // namespace simws::transport
