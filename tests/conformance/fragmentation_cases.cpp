// Group 5.
#include "cases.h"

namespace simws::conformance {
namespace {

Wire two_fragments() {
  return fragmented(FrameOpcode::text, {"one ", "two"});
}
const Answer two_fragments_echoed = text_answer("one two");

Wire with_ping_between() {
  const Wire fragments = two_fragments();
  return Wire{{fragments.frames[0]}} + ping("between") + Wire{{fragments.frames[1]}};
}

Wire stray_continuation(bool fin) {
  return frame({.fin = fin, .opcode = 0}, "of nothing");
}

Dialogue two_fragments_sent(const Writes& writes) {
  return exchange(writes, {two_fragments_echoed}) + goodbye();
}

Dialogue ping_between_sent(const Writes& writes) {
  return exchange(writes, {pong_answer("between"), two_fragments_echoed}) + goodbye();
}

Wire stray_then_text(bool fin) {
  return stray_continuation(fin) + text("after");
}

Wire five_fragments() {
  return fragmented(FrameOpcode::text, {"1", "2", "3", "4", "5"});
}

Wire first_two_and_ping() {
  const Wire all = five_fragments();
  return Wire{{all.frames[0], all.frames[1]}} + ping("first");
}

Wire two_more_ping_and_last() {
  const Wire all = five_fragments();
  return Wire{{all.frames[2], all.frames[3]}} + ping("second") + Wire{{all.frames[4]}};
}

}  // namespace

Cases fragmentation_cases() {
  return {
      {"5.1", "A ping in two fragments fails the connection.",
       [] {
         return failed(whole(fragmented(FrameOpcode::ping, {"a", "b"})), 1002);
       }},
      {"5.2", "A pong in two fragments fails the connection.",
       [] {
         return failed(whole(fragmented(FrameOpcode::pong, {"a", "b"})), 1002);
       }},
      {"5.3", "A text in two fragments is echoed.",
       [] { return two_fragments_sent(whole(two_fragments())); }},
      {"5.4", "A text in two fragments is echoed, frame by frame.",
       [] { return two_fragments_sent(frame_by_frame(two_fragments())); }},
      {"5.5", "A text in two fragments is echoed, byte by byte.",
       [] { return two_fragments_sent(in_chops(1, two_fragments())); }},
      {"5.6", "A ping between two fragments is answered before the text is echoed.",
       [] { return ping_between_sent(whole(with_ping_between())); }},
      {"5.7", "A ping between two fragments, frame by frame.",
       [] { return ping_between_sent(frame_by_frame(with_ping_between())); }},
      {"5.8", "A ping between two fragments, byte by byte.",
       [] { return ping_between_sent(in_chops(1, with_ping_between())); }},
      {"5.9", "A last continuation of nothing, then a text: the connection fails.",
       [] { return failed(whole(stray_then_text(true)), 1002); }},
      {"5.10", "A last continuation of nothing, then a text, frame by frame.",
       [] { return failed(frame_by_frame(stray_then_text(true)), 1002); }},
      {"5.11", "A last continuation of nothing, then a text, byte by byte.",
       [] { return failed(in_chops(1, stray_then_text(true)), 1002); }},
      {"5.12", "A continuation of nothing, more to come, then a text: the connection fails.",
       [] { return failed(whole(stray_then_text(false)), 1002); }},
      {"5.13", "A continuation of nothing, more to come, then a text, frame by frame.",
       [] { return failed(frame_by_frame(stray_then_text(false)), 1002); }},
      {"5.14", "A continuation of nothing, more to come, then a text, byte by byte.",
       [] { return failed(in_chops(1, stray_then_text(false)), 1002); }},
      {"5.15", "A text in two fragments is echoed; the continuation of nothing behind it fails.",
       [] {
         return failed(whole(two_fragments() + stray_then_text(false)), {two_fragments_echoed},
                       1002);
       }},
      {"5.16", "Twice a continuation of nothing, more to come, and a text in two fragments.",
       [] { return failed(whole(repeat(2, stray_continuation(false) + two_fragments())), 1002); }},
      {"5.17", "Twice a last continuation of nothing and a text in two fragments.",
       [] { return failed(whole(repeat(2, stray_continuation(true) + two_fragments())), 1002); }},
      {"5.18", "Two fragments that are both marked as text fail the connection.",
       [] {
         return failed(whole(frame({.fin = false, .opcode = 1}, "a") + frame({.opcode = 1}, "b")),
                       1002);
       }},
      {"5.19", "A ping within five fragments is answered before the rest is sent.",
       [] {
         return exchange(whole(first_two_and_ping()), {pong_answer("first")}) +
                exchange(whole(two_more_ping_and_last()),
                         {pong_answer("second"), text_answer("12345")}) +
                goodbye();
       }},
      {"5.20", "A ping within five fragments is answered at once, each frame sent by itself.",
       [] {
         return exchange(frame_by_frame(first_two_and_ping()), {pong_answer("first")}) +
                exchange(frame_by_frame(two_more_ping_and_last()),
                         {pong_answer("second"), text_answer("12345")}) +
                goodbye();
       }},
  };
}

}  // namespace simws::conformance
