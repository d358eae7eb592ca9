#include "transport/socket.h"

#include "transport/system_address.h"

#include <array>

namespace simws::transport {
namespace {

Error failure(int error) {
  return {system::code_of(error), words(error)};
}

Error last_failure() {
  return failure(system::last_error());
}

// What a call that moves bytes came to.
Transfer to_transfer(std::ptrdiff_t moved) {
  if (moved < 0) return {0, system::last_error()};
  return {static_cast<std::size_t>(moved), 0};
}

}  // namespace

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    if (is_open()) system::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, no_descriptor);
  }
  return *this;
}

Socket::~Socket() {
  if (is_open()) system::close(descriptor_);
}

// What is accepted has this socket's options.
Result<Socket> Socket::listen(const Address& address) {
  SystemAddress local = to_system(address);
  Socket socket(system::open(local.storage.ss_family));
  if (!socket.is_open()) return last_failure();
  if (!system::claim_port(socket.descriptor_) ||
      (address.is_ipv6 && !system::set_option(socket.descriptor_, IPPROTO_IPV6, IPV6_V6ONLY, 1)) ||
      !system::set_option(socket.descriptor_, IPPROTO_TCP, TCP_NODELAY, 1) ||
      ::bind(socket.descriptor_, local.pointer(), local.size) != 0 ||
      ::listen(socket.descriptor_, SOMAXCONN) != 0) {
    return last_failure();
  }
  return socket;
}

Result<Socket> Socket::start_connecting(const Address& to) {
  SystemAddress remote = to_system(to);
  Socket socket(system::open(remote.storage.ss_family));
  if (!socket.is_open()) return last_failure();
  system::set_option(socket.descriptor_, IPPROTO_TCP, TCP_NODELAY, 1);
  if (::connect(socket.descriptor_, remote.pointer(), remote.size) != 0 &&
      !system::goes_on(system::last_error())) {
    return last_failure();
  }
  return socket;
}

// A socket that looks for a listener on a port which the system has picked for that socket itself
// finds itself (RFC 9293, 3.5: simultaneous open).
Result<void> Socket::finish_connecting(const Address& to) {
  const int error = system::take_error(descriptor_);
  if (error != 0) return failure(error);
  if (local_address() == to) return failure(system::refused);
  return {};
}

Address Socket::local_address() const {
  SystemAddress address;
  ::getsockname(descriptor_, address.pointer(), &address.size);
  return to_address(address);
}

Socket Socket::accept(Address& from, int& error) {
  SystemAddress address;
  Socket socket(system::accept(descriptor_, address.pointer(), &address.size));
  error = socket.is_open() ? 0 : system::last_error();
  if (socket.is_open()) from = to_address(address);
  return socket;
}

Transfer Socket::receive(MutableBytes buffer) {
  Transfer transfer;
  do {
    transfer = to_transfer(system::receive(descriptor_, buffer));
  } while (system::is_interruption(transfer.error));
  return transfer;
}

Transfer Socket::send(const Pieces& pieces) {
  std::array<Bytes, Pieces::max_batch> batch;
  const std::span<const Bytes> front(batch.data(), pieces.peek(batch));
  Transfer transfer;
  do {
    transfer = to_transfer(system::send(descriptor_, front));
  } while (system::is_interruption(transfer.error));
  return transfer;
}

std::optional<std::uint64_t> Socket::acknowledged_bytes() const {
  if (!is_open()) return std::nullopt;
  return system::acknowledged_bytes(descriptor_);
}

void Socket::limit_unsent(std::size_t bytes) {
  if (is_open()) system::limit_unsent(descriptor_, bytes);
}

std::size_t Socket::readable_bytes() const {
  return is_open() ? system::readable_bytes(descriptor_) : 0;
}

void Socket::finish_writing() {
  system::shut_down(descriptor_, system::Direction::sending);
}

void Socket::abandon() {
  system::shut_down(descriptor_, system::Direction::both);
}

void Socket::close() {
  if (!is_open()) return;
  // The system resets a connection that is closed with bytes unread, and the peer may then lose the
  // last ones sent to it: so what has arrived is read off first, up to a bound.
  finish_writing();
  std::array<std::byte, 16 * 1024> unread;
  for (int round = 0; round < 64; ++round) {
    if (receive(unread).bytes == 0) break;
  }
  system::close(std::exchange(descriptor_, no_descriptor));
}

void Socket::reset() {
  if (!is_open()) return;
  system::reset_when_closed(descriptor_);
  system::close(std::exchange(descriptor_, no_descriptor));
}

}  // namespace simws::transport
