// The client's side of a connection's beginning, one step after the other.
#pragma once

namespace bench {

// Prints `what`, with the system's words when errno is set, and ends the program.
[[noreturn]] void die(const char* what);

// A blocking TCP connection to this machine, TCP_NODELAY set.
int connect_to(int port);

// Sends the opening handshake, with the header fields of a small client, and checks the answer
// (RFC 6455, 4.1).
void open_websocket(int descriptor, int port);

}  // namespace bench
