// The end of a turn of the loop, for all servers and clients on it: some of what waits for it is
// compressed, and some of the bulk is queued; what was queued in the turn leaves, of many
// channels by few calls to the system; then they clear away what has ended.
#pragma once

#include "endpoint/bulk_desk.h"
#include "endpoint/deflate_desk.h"
#include "endpoint/flusher.h"
#include "endpoint/lending.h"
#include "endpoint/output_pool.h"
#include "transport/loop.h"

namespace simws::endpoint {

// Who may have something to clear away when what was queued has left. Its destructor REQUIRES that
// it's not wanted: see TurnEnd::forget.
class TurnEndWork {
 public:
  virtual ~TurnEndWork() = default;
  virtual void end_turn() = 0;

 private:
  friend class TurnEnd;
  TurnEndWork* next_ = nullptr;
  bool wanted_ = false;
};

// One for each loop, whose thread it belongs to.
class TurnEnd {
 public:
  explicit TurnEnd(transport::Loop& loop);
  // REQUIRES: no server and no client is left.
  ~TurnEnd();
  TurnEnd(const TurnEnd&) = delete;
  TurnEnd& operator=(const TurnEnd&) = delete;

  transport::Loop& loop() { return loop_; }
  DeflateDesk& deflate_desk() { return deflate_desk_; }
  BulkDesk& bulk_desk() { return bulk_desk_; }
  Flusher& flusher() { return flusher_; }
  OutputPool& outputs() { return outputs_; }
  Lending& lending() { return lending_; }

  // `work` is called once, at the end of this turn. Asking never fails.
  void want(TurnEndWork& work) noexcept;
  // It isn't called any more.
  void forget(TurnEndWork& work) noexcept;

 private:
  void run();

  transport::Loop& loop_;
  DeflateDesk deflate_desk_;
  BulkDesk bulk_desk_;
  Flusher flusher_;
  OutputPool outputs_;
  Lending lending_;
  TurnEndWork* first_ = nullptr;
  int key_ = 0;
};

}  // namespace simws::endpoint
