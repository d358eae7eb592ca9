#include "endpoint/bulk_desk.h"

namespace simws::endpoint {

// One after the other: whoever has more comes again behind the rest.
void BulkDesk::run() noexcept {
  if (waiting_.waits_for_turn()) return;
  for (std::size_t sent = 0; !waiting_.empty() && sent < most_in_turn;) {
    sent += static_cast<BulkWork&>(waiting_.pop()).send_piece();
  }
  waiting_.end_turn();
}

}  // namespace simws::endpoint
