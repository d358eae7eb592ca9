// The writes of many streams, by fewer calls to the system.
#pragma once

#include "transport/loop.h"
#include "transport/send_ring.h"

#include <span>
#include <vector>

namespace simws::transport {

class WriteBatch {
 public:
  // As Loop::write.
  void write(std::span<Write> writes);

 private:
  SendRing send_ring_;
  // Of a `write` under way; they keep their memory.
  std::vector<Sending> sendings_;
  std::vector<Write*> sent_;  // in their order
};

}  // namespace simws::transport
