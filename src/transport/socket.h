// A socket of the system. Nothing here blocks or raises SIGPIPE.
#pragma once

#include "base/bytes.h"
#include "transport/pieces.h"
#include "transport/stream.h"

#include <simws/result.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace simws::transport {

#ifdef _WIN32
using Descriptor = std::uintptr_t;  // a SOCKET
#else
using Descriptor = int;
#endif
inline constexpr Descriptor no_descriptor = static_cast<Descriptor>(-1);

// What a call to the system moved; `error` is the system's number, 0 for none.
struct Transfer {
  std::size_t bytes = 0;
  int error = 0;
};

// Not an error: try again when the socket is ready.
bool would_block(int error);

// Of an `accept`: the connection that waited is gone already; the next one may be fine.
bool concerns_one_connection(int error);

// Of an `accept`: the system has no more of them at the moment. Other errors than these three kinds
// are of its memory.
bool lacks_descriptors(int error);

// The system's words for an error.
std::string words(int error);

// Owns its descriptor.
class Socket {
 public:
  Socket() = default;
  explicit Socket(Descriptor descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, no_descriptor)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  // The errors are those of Loop::listen.
  static Result<Socket> listen(const Address& address);

  // It's writable when that has come to an end: `finish_connecting` tells how.
  static Result<Socket> start_connecting(const Address& to);
  Result<void> finish_connecting(const Address& to);

  bool is_open() const { return descriptor_ != no_descriptor; }
  Descriptor descriptor() const { return descriptor_; }
  Address local_address() const;

  // The next connection that waits, without delay for small writes. Closed when there's none; then
  // `error` says why.
  Socket accept(Address& from, int& error);

  // 0 bytes without error: the peer has finished sending.
  Transfer receive(MutableBytes buffer);
  // Gives the system as much as it takes of the first `Pieces::max_batch` pieces.
  Transfer send(const Pieces& pieces);

  // As the system counts: what opens and what ends the connection may count 1 each. None: it
  // doesn't tell.
  std::optional<std::uint64_t> acknowledged_bytes() const;
  // Received, and not yet read.
  std::size_t readable_bytes() const;

  // As Stream::limit_unsent.
  void limit_unsent(std::size_t bytes);

  void finish_writing();
  // Ends both directions, so that whoever watches the socket is woken.
  void abandon();
  // The peer sees an end, if it has stopped sending; or else it may see a reset. Where its end has
  // been received already, destroying the socket does the same at less cost.
  void close();
  // The peer sees a reset.
  void reset();

 private:
  Descriptor descriptor_ = no_descriptor;
};

}  // namespace simws::transport
