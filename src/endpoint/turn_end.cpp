#include "endpoint/turn_end.h"

#include <utility>

namespace simws::endpoint {

TurnEnd::TurnEnd(transport::Loop& loop)
    : loop_(loop),
      deflate_desk_(loop),
      bulk_desk_(loop),
      flusher_(loop),
      key_(loop.add_end_of_turn([this] { run(); })) {}

TurnEnd::~TurnEnd() {
  loop_.remove_end_of_turn(key_);
}

void TurnEnd::want(TurnEndWork& work) noexcept {
  if (std::exchange(work.wanted_, true)) return;
  work.next_ = std::exchange(first_, &work);
  loop_.want_end_of_turn();
}

void TurnEnd::forget(TurnEndWork& work) noexcept {
  if (!std::exchange(work.wanted_, false)) return;
  TurnEndWork** place = &first_;
  while (*place != &work) place = &(*place)->next_;
  *place = work.next_;
}

// What is called may want more, and may be destroyed by it.
void TurnEnd::run() {
  deflate_desk_.run();
  bulk_desk_.run();
  flusher_.run();
  while (first_) {
    TurnEndWork& work = *first_;
    first_ = work.next_;
    work.wanted_ = false;
    work.end_turn();
  }
}

}  // namespace simws::endpoint
