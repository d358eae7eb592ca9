// Sends on many sockets by one call to the system: Linux' io_uring, used without its asynchrony.
#pragma once

#include "base/bytes.h"
#include "transport/socket.h"

#include <cstddef>
#include <memory>
#include <span>

namespace simws::transport {

// One thing to send, and what the system took of it.
struct Sending {
  Socket* socket = nullptr;
  Bytes bytes;
  Transfer transfer;
};

class SendRing {
 public:
  // As many as one call takes.
  static constexpr std::size_t capacity = 64;

  enum class System { ask, one_by_one };
  // Where the system has no io_uring, or a container forbids it, it takes one call for each;
  // `one_by_one` does so everywhere.
  explicit SendRing(System system = System::ask);
  ~SendRing();
  SendRing(const SendRing&) = delete;
  SendRing& operator=(const SendRing&) = delete;

  // Made by the first `send` of more than one thing.
  bool has_ring() const { return ring_ != nullptr; }

  // As Socket::send for each, all done when it returns. REQUIRES: none is empty.
  void send(std::span<Sending> sendings);

 private:
  class Ring;

  void send_together(std::span<Sending> sendings);

  System system_;  // one_by_one also once it has turned out that there's no ring
  std::unique_ptr<Ring> ring_;
};

}  // namespace simws::transport
