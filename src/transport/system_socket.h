// What differs between the sockets of POSIX and of Windows; Socket makes one thing of it.
#pragma once

#include "base/bytes.h"
#include "transport/socket.h"

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#endif

#include <simws/error.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace simws::transport::system {

// Of the last call that failed. Other functions take such errors.
int last_error();
bool is_interruption(int error);
ErrorCode code_of(int error);

// Sockets that neither block nor raise signals, and that no other process inherits.
// `no_descriptor`: it failed.
Descriptor open(int family);
Descriptor accept(Descriptor listener, sockaddr* from, socklen_t* size);
void close(Descriptor descriptor);

// Of a `connect` that has only begun.
bool goes_on(int error);
// What became of it; 0: it's connected.
int take_error(Descriptor descriptor);
extern const int refused;  // the error when nobody listens

// Of the resolver: its own kind of error.
Error lookup_failure(int error);

bool set_option(Descriptor descriptor, int level, int name, int value);
// For a port that no other process listens on. Connections of an earlier run that linger in
// TIME_WAIT don't hold it.
bool claim_port(Descriptor descriptor);
// The peer will see a reset.
void reset_when_closed(Descriptor descriptor);

// The number of bytes; -1: it failed.
std::ptrdiff_t receive(Descriptor descriptor, MutableBytes buffer);
// REQUIRES: at most `Pieces::max_batch`.
std::ptrdiff_t send(Descriptor descriptor, std::span<const Bytes> pieces);

// None: the system doesn't tell.
std::optional<std::uint64_t> acknowledged_bytes(Descriptor descriptor);
std::size_t readable_bytes(Descriptor descriptor);
// Does nothing where the system can't be told so.
void limit_unsent(Descriptor descriptor, std::size_t bytes);

enum class Direction { sending, both };
void shut_down(Descriptor descriptor, Direction direction);

}  // namespace simws::transport::system
