// What a WebSocket server or client must do, case by case, under the numbers of the public Autobahn
// test suite. Where the suite accepts more than one behaviour, only the strict one passes here.
#pragma once

#include "dialogue.h"

#include <functional>
#include <string>
#include <vector>

namespace simws::conformance {

struct Case {
  std::string number;       // "1.1.1"
  std::string description;  // what the peer does and what comes of it
  std::function<Dialogue()> dialogue;
};

using Cases = std::vector<Case>;

// Groups 1-7, 9 and 10 in order. Who is under test echoes each message in one frame, answers each
// ping, and takes messages of 16 MiB and more.
Cases all_cases();

Cases framing_cases();        // 1
Cases control_cases();        // 2
Cases reserved_cases();       // 3, 4
Cases fragmentation_cases();  // 5
Cases utf8_cases();           // 6
Cases close_cases();          // 7
Cases limit_cases();          // 9, 10

}  // namespace simws::conformance
