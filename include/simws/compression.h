// Compression of messages (permessage-deflate, RFC 7692). A connection has it when both sides want
// it; each side then compresses what it likes.
#pragma once

#include <cstddef>

namespace simws {

struct Compression {
  std::size_t threshold = 256;  // shorter messages leave as they are, in bytes
  int level = 1;                // 1, the fastest, to 9, the smallest
  int memory = 8;               // of the compressor, 1 to 9: each doubles it

  // Whether messages may refer to those before, which makes them smaller where they are alike, and
  // costs each connection memory at both sides for as long as it's open.
  bool server_context_takeover = false;
  bool client_context_takeover = false;
  // How far back a message may refer, as a power of two: 9 to 15. Where a context is taken over, so
  // much memory, and more, is taken for it.
  int server_window_bits = 15;
  int client_window_bits = 15;

  friend bool operator==(const Compression&, const Compression&) = default;
};

}  // namespace simws
