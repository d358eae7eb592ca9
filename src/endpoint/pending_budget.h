// Bounds what a server has received and the application has not handled yet, by not reading: TCP
// then slows the peers down, and nothing is lost.
#pragma once

#include <cstddef>
#include <cstdint>

namespace simws::endpoint {

// A connection as the budget sees it.
class PendingSource {
 public:
  std::size_t held_bytes() const { return held_; }

 protected:
  ~PendingSource() = default;

 private:
  friend class PendingBudget;

  std::size_t held_ = 0;        // handed to the application, not handled yet
  std::size_t assembly_ = 0;    // of a message or body whose end hasn't come
  std::uint64_t begun_at_ = 0;  // orders unfinished messages by age; 0: none
  bool over_share_ = false;
};

// What the budget asks of its owner.
class PendingGate {
 public:
  // Reading from this one stops or goes on, because of its own share.
  virtual void set_over_share(PendingSource& source, bool over) = 0;
  // The bound is passed: reading stops for all but `exception` (null: for all), or, when not
  // `closed`, goes on.
  virtual void set_gate(bool closed, PendingSource* exception) = 0;
  // The source with the smallest non-zero age among all; null: no message is unfinished.
  virtual PendingSource* find_oldest_unfinished() = 0;

 protected:
  ~PendingGate() = default;
};

// A single source may hold 1/32 of the bound, so that floods leave room for the others. Past the
// bound nothing is read until the application has handled enough; when unfinished messages alone
// are too much, the oldest is read on, so that it can end. What has come of that one doesn't count:
// at most the bound and one message are held.
class PendingBudget {
 public:
  PendingBudget(std::size_t bound, PendingGate& gate) : bound_(bound), gate_(gate) {}

  void hold(PendingSource& source, std::size_t bytes);
  void release(PendingSource& source, std::size_t bytes);
  // Nothing is held or released by this source any more: what it holds stays, until
  // `release_ended`.
  void end(PendingSource& source);
  void release_ended(std::size_t bytes);
  // The application handles nothing more: what ended sources hold counts no more.
  void stop();
  // Its message has ended: what came of it counts again once it's held, and is looked at then, or
  // by `set_assembly`.
  void end_message(PendingSource& source);
  // `unfinished`: a message has begun, `bytes` of it are here.
  void set_assembly(PendingSource& source, bool unfinished, std::size_t bytes);
  std::size_t total() const { return total_; }
  bool is_closed() const { return closed_; }
  static std::uint64_t begun_at(const PendingSource& source) { return source.begun_at_; }

 private:
  void update();
  void choose_exception();
  void end_exception();
  std::size_t reopening() const { return bound_ / 4 * 3; }
  void update_share(PendingSource& source);

  const std::size_t bound_;
  PendingGate& gate_;
  std::size_t total_ = 0;
  std::size_t ended_ = 0;           // of ended sources
  std::size_t assembly_total_ = 0;  // of unfinished messages
  std::uint64_t messages_begun_ = 0;
  PendingSource* exception_ = nullptr;             // the oldest unfinished one, when they are much
  std::uint64_t searched_at_ = 0;                  // messages begun when it was last searched for
  const PendingSource* told_exception_ = nullptr;  // the gate's
  bool closed_ = false;
  bool is_stale_ = false;  // a message has ended since it was last looked at
  bool stopped_ = false;
};

}  // namespace simws::endpoint
