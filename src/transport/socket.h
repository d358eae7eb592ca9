// A socket of the system. Nothing here blocks or raises SIGPIPE.
#pragma once

#include "base/bytes.h"
#include "transport/pieces.h"
#include "transport/stream.h"

#include <simws/result.h>

#include <cstddef>
#include <string>
#include <utility>

namespace simws::transport {

// What a call to the system moved; `error` is its errno, 0 for none.
struct Transfer {
  std::size_t bytes = 0;
  int error = 0;
};

// Not an error: try again when the socket is ready.
bool would_block(int error);

// The system's words for an errno.
std::string words(int error);

// Owns its descriptor.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept;
  ~Socket();

  // The errors are those of Loop::listen.
  static Result<Socket> listen(const Address& address);

  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  Address local_address() const;

  // The next connection that waits, without delay for small writes. Closed when there's none; then
  // `error` says why.
  Socket accept(Address& from, int& error);

  // 0 bytes without error: the peer has finished sending.
  Transfer receive(MutableBytes buffer);
  // Gives the system as much as it takes of the first `Pieces::max_batch` pieces.
  Transfer send(const Pieces& pieces);

  void finish_writing();
  // Ends both directions, so that whoever watches the socket is woken.
  void abandon();
  // The peer sees an end, if it has stopped sending; or else it may see a reset.
  void close();
  // The peer sees a reset.
  void reset();

 private:
  int descriptor_ = -1;
};

}  // namespace simws::transport
