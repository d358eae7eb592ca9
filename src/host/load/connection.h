// One connection of the load generator, plain or over TLS.
#pragma once

#include "base/bytes.h"
#include "host/load/poller.h"
#include "host/load/tls_end.h"
#include "transport/socket.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::load {

// Nothing here waits. Gives up when the connection breaks.
class Connection {
 public:
  // Null: plain.
  Connection(transport::Socket socket, std::unique_ptr<TlsEnd> tls);
  Connection(Connection&& other) noexcept = default;
  Connection& operator=(Connection&& other) noexcept = default;

  int descriptor() const { return socket_.descriptor(); }
  transport::Socket& socket() { return socket_; }

  // Behind what waits already. `bytes` stay as they are until they're sent.
  void queue(std::string_view bytes);
  void queue_copy(std::string_view bytes);
  // What the system has still to take, valid until something is queued or received.
  std::string_view unsent() const { return unsent_; }
  // Gives the system what it takes at once.
  void flush();
  // What came of giving it `unsent` in another way.
  void note_sent(const transport::Transfer& transfer);
  // The poller, which has been told of it, tells `who` when more can be sent, as long as something
  // waits.
  void watch_sending(Poller& poller, void* who);

  enum class Received { nothing, something, end };
  // Reads once; `take(std::string_view)` gets what has come, in portions. It may queue.
  template <typename Take>
  Received receive(std::span<char> buffer, const Take& take) {
    const auto transfer = socket_.receive(as_mutable_bytes(buffer));
    if (const Received received = judge(transfer); received != Received::something) return received;
    const std::string_view bytes(buffer.data(), transfer.bytes);
    if (tls_) return decrypt(bytes, take);
    take(bytes);
    return Received::something;
  }

 private:
  Received judge(const transport::Transfer& transfer) const;
  Received decrypt(std::string_view bytes, const TlsEnd::Take& take);
  void queue_records(std::string_view records);

  transport::Socket socket_;
  std::unique_ptr<TlsEnd> tls_;
  std::vector<char> own_;  // what waits and nobody else holds
  std::string_view unsent_;
  bool is_watched_ = false;
};

}  // namespace simws::load
