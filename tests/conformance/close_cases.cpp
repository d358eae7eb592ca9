// Group 7.
#include "cases.h"

namespace simws::conformance {
namespace {

const Answer closed = close_answer(1000);

Cases order_cases() {
  return {
      {"7.1.1", "A text is echoed, then Close is answered.",
       [] { return exchange(whole(text("last words")), {text_answer("last words")}) + goodbye(); }},
      {"7.1.2", "The second of two Closes is not answered.",
       [] { return exchange(whole(close(1000) + close(1000)), {closed}); }},
      {"7.1.3", "A ping after Close is not answered.",
       [] { return exchange(whole(close(1000) + ping("late")), {closed}); }},
      {"7.1.4", "A text after Close is not echoed.",
       [] { return exchange(whole(close(1000) + text("late")), {closed}); }},
      {"7.1.5", "A message whose end comes after Close is not echoed.",
       [] {
         const Wire fragments = fragmented(FrameOpcode::text, {"early", "late"});
         return exchange(
             whole(Wire{{fragments.frames[0]}} + close(1000) + Wire{{fragments.frames[1]}}),
             {closed});
       }},
      {"7.1.6", "A text of 256 KiB, Close and a ping: the echo, and Close.",
       [] {
         const std::string payload(256 * 1024, 'w');
         return exchange(whole(text(payload) + close(1000) + ping()),
                         {text_answer(payload), closed});
       }},
  };
}

Cases payload_cases() {
  return {
      {"7.3.1", "A Close without payload is answered by such a one.",
       [] { return exchange(whole(close()), {close_answer()}); }},
      {"7.3.2", "A Close of one byte fails the connection.",
       [] { return failed(whole(close_with_payload("x")), 1002); }},
      {"7.3.3", "A Close with a code is answered.",
       [] { return exchange(whole(close(1000)), {closed}); }},
      {"7.3.4", "A Close with code and reason is answered.",
       [] { return exchange(whole(close(1000, "done for today")), {closed}); }},
      {"7.3.5", "A Close with a reason of 123 bytes, the most there may be, is answered.",
       [] { return exchange(whole(close(1000, std::string(123, 'w'))), {closed}); }},
      {"7.3.6", "A Close with a reason of 124 bytes fails the connection.",
       [] { return failed(whole(close(1000, std::string(124, 'w'))), 1002); }},
      {"7.5.1", "A Close whose reason isn't UTF-8 fails the connection.",
       [] { return failed(whole(close(1000, from_hex("ce ba e1 bd b9 ed a0 80"))), 1007); }},
  };
}

Cases good_codes(const std::string& number, const std::vector<int>& codes) {
  Cases cases;
  for (const int code : codes) {
    cases.push_back({number + "." + std::to_string(cases.size() + 1),
                     "Close " + std::to_string(code) + " is answered with that code.",
                     [code] { return exchange(whole(close(code)), {close_answer(code)}); }});
  }
  return cases;
}

Cases bad_codes(const std::string& number, const std::vector<int>& codes) {
  Cases cases;
  for (const int code : codes) {
    cases.push_back({number + "." + std::to_string(cases.size() + 1),
                     "Close " + std::to_string(code) + ", which no one may send, fails.",
                     [code] { return failed(whole(close(code)), 1002); }});
  }
  return cases;
}

}  // namespace

Cases close_cases() {
  Cases all;
  for (const Cases& cases : {order_cases(), payload_cases(),
                             good_codes("7.7", {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010,
                                                1011, 3000, 3999, 4000, 4999}),
                             bad_codes("7.9", {0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999}),
                             bad_codes("7.13", {5000, 65535})}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace simws::conformance
