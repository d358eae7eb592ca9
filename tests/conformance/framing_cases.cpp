// Group 1 (framing), 2 (pings and pongs), 3 (reserved bits) and 4 (opcodes).
#include "cases.h"

namespace simws::conformance {
namespace {

Dialogue echoed_text(const std::string& payload) {
  return exchange(whole(text(payload)), {text_answer(payload)}) + goodbye();
}

Dialogue echoed_binary(const std::string& payload) {
  return exchange(whole(binary(payload)), {binary_answer(payload)}) + goodbye();
}

std::string letters(std::size_t size) {
  return std::string(size, 'w');
}
std::string octets(std::size_t size) {
  return std::string(size, '\xE7');
}

Dialogue text_in_chops(std::size_t size, std::size_t chop) {
  return exchange(in_chops(chop, text(letters(size))), {text_answer(letters(size))}) + goodbye();
}

Dialogue binary_in_chops(std::size_t size, std::size_t chop) {
  return exchange(in_chops(chop, binary(octets(size))), {binary_answer(octets(size))}) + goodbye();
}

Wire ten_pings() {
  Wire wire;
  for (int i = 0; i < 10; ++i) wire = wire + ping("ping " + std::to_string(i));
  return wire;
}

Answers ten_pongs() {
  Answers answers;
  for (int i = 0; i < 10; ++i) answers.push_back(pong_answer("ping " + std::to_string(i)));
  return answers;
}

// A good text, then the frame that must not be, then a ping that is never answered.
Wire between_text_and_ping(const Wire& bad) {
  return text("before") + bad + ping();
}

}  // namespace

Cases framing_cases() {
  return {
      {"1.1.1", "An empty text is echoed.", [] { return echoed_text(""); }},
      {"1.1.2", "A text of 125 bytes is echoed.", [] { return echoed_text(letters(125)); }},
      {"1.1.3", "A text of 126 bytes is echoed.", [] { return echoed_text(letters(126)); }},
      {"1.1.4", "A text of 127 bytes is echoed.", [] { return echoed_text(letters(127)); }},
      {"1.1.5", "A text of 128 bytes is echoed.", [] { return echoed_text(letters(128)); }},
      {"1.1.6", "A text of 65535 bytes is echoed.", [] { return echoed_text(letters(65535)); }},
      {"1.1.7", "A text of 65536 bytes is echoed.", [] { return echoed_text(letters(65536)); }},
      {"1.1.8", "A text of 65536 bytes in chops of 997 is echoed.",
       [] { return text_in_chops(65536, 997); }},
      {"1.2.1", "An empty binary message is echoed.", [] { return echoed_binary(""); }},
      {"1.2.2", "A binary message of 125 bytes is echoed.",
       [] { return echoed_binary(octets(125)); }},
      {"1.2.3", "A binary message of 126 bytes is echoed.",
       [] { return echoed_binary(octets(126)); }},
      {"1.2.4", "A binary message of 127 bytes is echoed.",
       [] { return echoed_binary(octets(127)); }},
      {"1.2.5", "A binary message of 128 bytes is echoed.",
       [] { return echoed_binary(octets(128)); }},
      {"1.2.6", "A binary message of 65535 bytes is echoed.",
       [] { return echoed_binary(octets(65535)); }},
      {"1.2.7", "A binary message of 65536 bytes is echoed.",
       [] { return echoed_binary(octets(65536)); }},
      {"1.2.8", "A binary message of 65536 bytes in chops of 997 is echoed.",
       [] { return binary_in_chops(65536, 997); }},
  };
}

Cases control_cases() {
  const std::string some_octets = from_hex("00 ff fe fd fc fb 00 ff");
  return {
      {"2.1", "A ping without payload is answered by such a pong.",
       [] { return exchange(whole(ping()), {pong_answer()}) + goodbye(); }},
      {"2.2", "A ping's text comes back.",
       [] {
         return exchange(whole(ping("are you there?")), {pong_answer("are you there?")}) +
                goodbye();
       }},
      {"2.3", "A ping's payload comes back, be it no text.",
       [=] { return exchange(whole(ping(some_octets)), {pong_answer(some_octets)}) + goodbye(); }},
      {"2.4", "A ping of 125 bytes, the most there may be, is answered.",
       [] { return exchange(whole(ping(octets(125))), {pong_answer(octets(125))}) + goodbye(); }},
      {"2.5", "A ping of 126 bytes fails the connection.",
       [] { return failed(whole(ping(octets(126))), 1002); }},
      {"2.6", "A ping of 125 bytes that come one by one is answered.",
       [] {
         return exchange(in_chops(1, ping(octets(125))), {pong_answer(octets(125))}) + goodbye();
       }},
      {"2.7", "A pong that nobody asked for is not answered.",
       [] { return exchange(whole(pong()), {}) + goodbye(); }},
      {"2.8", "Nor is one with a payload.",
       [] { return exchange(whole(pong("unasked")), {}) + goodbye(); }},
      {"2.9", "A pong that nobody asked for, then a ping: only that is answered, with its payload.",
       [] {
         return exchange(whole(pong("unasked") + ping("asked")), {pong_answer("asked")}) +
                goodbye();
       }},
      {"2.10", "Ten pings get ten pongs.",
       [] { return exchange(whole(ten_pings()), ten_pongs()) + goodbye(); }},
      {"2.11", "Ten pings that come byte by byte get ten pongs.",
       [] { return exchange(in_chops(1, ten_pings()), ten_pongs()) + goodbye(); }},
  };
}

Cases reserved_cases() {
  const Answers before{text_answer("before")};
  return {
      {"3.1", "A text with RSV3 set fails the connection.",
       [] { return failed(whole(frame({.rsv = 1, .opcode = 1}, "bad")), 1002); }},
      {"3.2", "A text with RSV2 set after a good one: the echo, and the connection fails.",
       [=] {
         return failed(whole(between_text_and_ping(frame({.rsv = 2, .opcode = 1}, "bad"))), before,
                       1002);
       }},
      {"3.3", "A text with RSV2 and RSV3 set after a good one, frame by frame.",
       [=] {
         return failed(frame_by_frame(between_text_and_ping(frame({.rsv = 3, .opcode = 1}, "bad"))),
                       before, 1002);
       }},
      {"3.4", "A text with RSV1 set after a good one, byte by byte.",
       [=] {
         return failed(in_chops(1, between_text_and_ping(frame({.rsv = 4, .opcode = 1}, "bad"))),
                       before, 1002);
       }},
      {"3.5", "A binary message with RSV1 and RSV3 set fails the connection.",
       [] { return failed(whole(frame({.rsv = 5, .opcode = 2}, octets(8))), 1002); }},
      {"3.6", "A ping with RSV1 and RSV2 set fails the connection.",
       [] { return failed(whole(frame({.rsv = 6, .opcode = 9}, "bad")), 1002); }},
      {"3.7", "A Close with all reserved bits set fails the connection.",
       [] { return failed(whole(frame({.rsv = 7, .opcode = 8})), 1002); }},

      {"4.1.1", "The reserved data opcode 3 fails the connection.",
       [] { return failed(whole(frame({.opcode = 3})), 1002); }},
      {"4.1.2", "The reserved data opcode 4 with a payload fails the connection.",
       [] { return failed(whole(frame({.opcode = 4}, "bad")), 1002); }},
      {"4.1.3", "The reserved data opcode 5 after a good text: the echo, and the connection fails.",
       [=] { return failed(whole(between_text_and_ping(frame({.opcode = 5}))), before, 1002); }},
      {"4.1.4", "The reserved data opcode 6 with a payload after a good text.",
       [=] {
         return failed(frame_by_frame(between_text_and_ping(frame({.opcode = 6}, "bad"))), before,
                       1002);
       }},
      {"4.1.5", "The reserved data opcode 7 with a payload after a good text, byte by byte.",
       [=] {
         return failed(in_chops(1, between_text_and_ping(frame({.opcode = 7}, "bad"))), before,
                       1002);
       }},
      {"4.2.1", "The reserved control opcode 11 fails the connection.",
       [] { return failed(whole(frame({.opcode = 11})), 1002); }},
      {"4.2.2", "The reserved control opcode 12 with a payload fails the connection.",
       [] { return failed(whole(frame({.opcode = 12}, "bad")), 1002); }},
      {"4.2.3",
       "The reserved control opcode 13 after a good text: the echo, and the connection fails.",
       [=] { return failed(whole(between_text_and_ping(frame({.opcode = 13}))), before, 1002); }},
      {"4.2.4", "The reserved control opcode 14 with a payload after a good text.",
       [=] {
         return failed(frame_by_frame(between_text_and_ping(frame({.opcode = 14}, "bad"))), before,
                       1002);
       }},
      {"4.2.5", "The reserved control opcode 15 with a payload after a good text, byte by byte.",
       [=] {
         return failed(in_chops(1, between_text_and_ping(frame({.opcode = 15}, "bad"))), before,
                       1002);
       }},
  };
}

}  // namespace simws::conformance
