// The client's side of a connection's beginning, one step after the other.
#pragma once

#include "host/load/connection.h"
#include "host/load/target.h"

#include <optional>
#include <string>

namespace simws::load {

struct Socketry {
  // Each number has a loopback address of its own as its source, so that ports which wait for their
  // end don't run out; 0: the system chooses.
  unsigned source = 0;
  // Little is buffered of what comes.
  bool has_small_window = false;
};

// Both wait for the target's patience at the most, and give up then.

// A TCP connection, without delay for small writes. With TLS that has begun.
Connection connect_to(Target& target, const Socketry& socketry = {});

struct Opening {
  std::optional<protocol::DeflateParameters> deflate;  // none: messages aren't compressed
  std::string subprotocol;                             // empty: none was agreed on
  std::string early;                                   // what the server has sent already
};
// The opening handshake. Where the load is raw there's none.
Opening open_websocket(Connection& connection, const Target& target);

// As both.
struct OpenConnection {
  Connection connection;
  Opening opening;
};
OpenConnection open_connection(Target& target, const Socketry& socketry = {});

// Judges an answer that comes bit by bit; gives up when it's a refusal. Nothing: more is needed.
class AnswerReader {
 public:
  explicit AnswerReader(const Target& target) : reader_(target.expectation) {}

  // Takes the answer off `bytes`.
  std::optional<protocol::Opened> receive(std::string_view& bytes);
  // The server sends no more.
  [[noreturn]] void end() const;

 private:
  protocol::HandshakeReader reader_;
};

}  // namespace simws::load
