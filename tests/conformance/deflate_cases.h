// Compression under the numbers of the public Autobahn test suite: groups 12 (data of five kinds)
// and 13 (what is negotiated), each with messages of 18 sizes. They aren't dialogues of bytes: what
// is compressed may be so in many ways.
#pragma once

#include "dialogue.h"

#include "protocol/deflate_decoder.h"
#include "protocol/deflate_message.h"
#include "protocol/deflate_parameters.h"
#include "protocol/session.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace simws::conformance {

using protocol::Role;

// What is negotiated. Who is under test wants contexts taken over and the largest windows.
struct Negotiation {
  std::string offer;       // of a client
  std::string answer;      // of the server under test; empty: it declines
  std::string acceptance;  // of a server, to the client under test
};

struct DeflateCase {
  std::string number;  // "12.1.1"
  std::string description;
  Negotiation negotiation;
  bool is_text = false;
  std::function<std::string(std::size_t size)> data;
  std::size_t size = 0;      // of a message
  std::size_t fragment = 0;  // the most bytes in a frame of the peer; 0: one frame
  std::size_t count = 0;     // messages, each sent after the one before has come back
};

// Groups 12 and 13 in order.
std::vector<DeflateCase> deflate_cases();

// The peer of who is under test, by what was agreed on: none, and nothing is compressed.
class DeflatePeer {
 public:
  DeflatePeer(Role under_test, const DeflateCase& of,
              const std::optional<protocol::DeflateParameters>& agreed);

  std::size_t count() const { return case_.count; }
  // The next message, on the wire.
  std::string next();
  // The message at the front of `received`, which must be the echo of it. Nothing: it isn't there
  // as a whole. Text: what is wrong; empty: nothing.
  std::optional<std::string> take_echo(std::string& received);

 private:
  std::string frame(bool begins, bool fin, std::string payload);

  const Role under_test_;
  FrameReader reader_;
  const DeflateCase& case_;
  const bool is_agreed_;
  protocol::DeflatePool pool_;
  std::optional<protocol::MessageDeflater> deflater_;
  std::optional<protocol::DeflateDecoder> decoder_;
  const std::string data_;
  std::size_t at_ = 0;  // in the data, which messages take in turn and begin anew
  std::string message_;
};

// What comes of the negotiation with this one under test.
std::optional<protocol::DeflateParameters> agreed_in(const DeflateCase& of, Role under_test);

}  // namespace simws::conformance
