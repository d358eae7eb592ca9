// The client's side of a connection's beginning, one step after the other.
#pragma once

#include <string>
#include <string_view>

namespace bench {

// Prints `what`, with the system's words when errno is set, and ends the program.
[[noreturn]] void die(const char* what);

// A blocking TCP connection to this machine, TCP_NODELAY set. `from`: each number has a loopback
// address of its own as its source, so that ports which wait for their end don't run out.
int connect_to(int port, unsigned from = 0);

// A small buffer for what comes, to be had before the connection is.
int connect_with_small_window(int port);

// What is offered where messages are compressed, by themselves or in a context.
std::string_view deflate_offer(bool in_context);

// The opening handshake of a small client; its key is the example of RFC 6455, 1.3.
std::string handshake_request(int port, std::string_view extensions = {});
// An answer to it that is here up to its empty line: ends the program when it's wrong (RFC 6455,
// 4.1). True: the server agreed to compress.
bool check_answer(std::string_view answer);

// Both, on a blocking connection.
bool open_websocket(int descriptor, int port, std::string_view extensions = {});

}  // namespace bench
