// The small language of the conformance cases: what a peer writes, and what who is under test, a
// server or a client, must answer. It knows neither sessions nor sockets; a runner brings both
// together.
#pragma once

#include "protocol/frame.h"
#include "protocol/session.h"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::conformance {

using protocol::FrameOpcode;
using protocol::Role;

// Bytes on the wire, kept in frames so that they can be sent frame by frame.
struct Wire {
  std::vector<std::string> frames;
};
Wire operator+(Wire left, Wire right);
Wire repeat(std::size_t times, const Wire& wire);

// Frames as a client sends them, masked: `led_against` makes a server's of them.
Wire text(std::string payload);
Wire binary(std::string payload);
Wire ping(std::string payload = {});
Wire pong(std::string payload = {});
Wire close();
Wire close(int code, std::string_view reason = {});
Wire close_with_payload(std::string payload);
// A frame of any kind. `rsv` is the number that the three reserved bits make, RSV1 the highest.
struct FrameKind {
  bool fin = true;
  int rsv = 0;
  int opcode = 0;
};
Wire frame(FrameKind kind, std::string payload = {});
// A message of one frame for each payload.
Wire fragmented(FrameOpcode opcode, const std::vector<std::string>& payloads);
// The payloads of `payload` cut in pieces of `size`; a payload that is empty is one piece.
std::vector<std::string> pieces(const std::string& payload, std::size_t size);
// "f4 90 80" or "f49080"
std::string from_hex(std::string_view hex);

// How it's sent: each string is one write.
using Writes = std::vector<std::string>;
Writes whole(const Wire& wire);
Writes frame_by_frame(const Wire& wire);
Writes in_chops(std::size_t size, const Wire& wire);
// The one frame of `wire`, cut at these offsets of its payload, which is under 126 bytes.
Writes cut_payload(const Wire& wire, std::initializer_list<std::size_t> offsets);

// Takes messages and control frames off what who is under test has sent: frames without RSV2 and
// RSV3, masked if a client sends them; fragments only of what is over 64 KiB, and no smaller ones
// than need be.
class FrameReader {
 public:
  explicit FrameReader(Role role) : role_(role) {}

  struct Message {
    FrameOpcode opcode = FrameOpcode::text;
    bool rsv1 = false;
    std::string payload;
  };
  // Off the front of `received`. Nothing: more has to come, or it's wrong.
  std::optional<Message> take(std::string& received);
  // What is; empty: nothing so far.
  const std::string& wrong() const { return wrong_; }

 private:
  std::string fault_of(const protocol::FrameHeader& header) const;
  std::optional<Message> take_frame(const protocol::FrameHeader& header, std::string payload);

  const Role role_;
  std::optional<Message> begun_;
  std::string wrong_;
};

// What must be sent, without RSV1.
struct Answer {
  FrameOpcode opcode;
  std::string payload;  // of a Close: the two bytes of its code, or nothing; the reason is free
  bool operator==(const Answer&) const = default;
};
using Answers = std::vector<Answer>;
Answer text_answer(std::string payload);
Answer binary_answer(std::string payload);
Answer pong_answer(std::string payload = {});
Answer close_answer();
Answer close_answer(int code);

// Takes all that is there. False: it holds what may not be sent.
bool take_answers(FrameReader& reader, std::string& received, Answers& answers);

// The peer makes its writes; these answers must come before it goes on, and no others.
struct Turn {
  Writes writes;
  Answers answers;
};

// A dialogue ends with the Close of who is under test, who then ends the connection; whatever the
// peer still sends is not answered.
using Dialogue = std::vector<Turn>;
Dialogue operator+(Dialogue left, Dialogue right);
// As it goes with this one under test: a server's peer masks its frames, a client's doesn't (RFC
// 6455, 5.1). All else is the same.
Dialogue led_against(Role role, Dialogue dialogue);
std::size_t size_of(const Dialogue& dialogue);

Dialogue exchange(Writes writes, Answers answers);
// The peer closes with 1000, and is answered so.
Dialogue goodbye();
// Who is under test fails the connection with this code.
Dialogue failed(Writes writes, int code);
Dialogue failed(Writes writes, Answers answers, int code);

}  // namespace simws::conformance
