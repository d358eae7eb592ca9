// Bounds what a server has received and the application has not handled yet, by not reading: TCP
// then slows the peers down, and nothing is lost.
//
// Who holds little is always read: nobody waits for somebody else's big message. Past the bound
// those that hold much are not read, but for one: big messages take turns, the oldest first, and
// what has come of the one whose turn it is doesn't count. So at most the bound, one message, and
// little of each connection is held.
#pragma once

#include "base/clock.h"
#include "base/counter.h"
#include "transport/loop.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace simws::endpoint {

// A connection as the gate sees it.
class ReadSource {
 public:
  std::size_t held_bytes() const { return held_; }

 protected:
  virtual ~ReadSource() = default;

 private:
  friend class ReadingGate;

  // Reading from it stops or goes on.
  virtual void set_over_share(bool over) = 0;
  virtual void set_behind_gate(bool behind) = 0;
  // So many bytes of its peer, or all that its message lacks, wait in the system, unread.
  virtual bool has_sent(std::size_t bytes) const = 0;
  // Its unfinished message has gained too little while others waited. It ends.
  virtual void give_up_message() = 0;

  // Its place in the gate's list of those that hold much.
  struct Place {
    Time watched_since{};          // while the gate is closed
    std::size_t watched_from = 0;  // what had come of its message then
    ReadSource* previous = nullptr;
    ReadSource* next = nullptr;
    bool gives_up = false;  // it's about to be told so
  };

  std::size_t held_ = 0;          // handed to the application, not handled yet
  std::size_t unfinished_ = 0;    // of a message or body whose end hasn't come
  std::uint64_t begun_at_ = 0;    // orders unfinished messages by age; 0: none
  std::unique_ptr<Place> place_;  // while it holds much: few do
  bool over_share_ = false;
  bool behind_gate_ = false;
};

struct ReadingLimits {
  std::size_t bound;
  Duration
      patience;  // how long a big message may gain no more than `most_little` while others wait
  transport::Loop& loop;
};

class ReadingGate {
 public:
  // What a connection may hold whatever others do: this much, where the bound allows it.
  static constexpr std::size_t most_little = 64u << 10;

  explicit ReadingGate(const ReadingLimits& limits);

  void hold(ReadSource& source, std::size_t bytes);
  void release(ReadSource& source, std::size_t bytes);
  // `in_message`: a message has begun whose end hasn't come, `bytes` of it are here.
  void set_unfinished(ReadSource& source, bool in_message, std::size_t bytes) {
    const bool is_known = !is_stale_ && is_between_messages(source, in_message, bytes);
    if (!is_known) note_unfinished(source, in_message, bytes);
  }
  // Its message has ended, and one that begins in the same read is younger. What came of it counts
  // again once it's held, and is looked at then, or by `set_unfinished`.
  void end_message(ReadSource& source) {
    if (source.begun_at_ != 0) end_assembled(source);
  }

  // Nothing is held or released by this source any more: what it holds stays, until
  // `release_ended`.
  void end(ReadSource& source);
  void release_ended(std::size_t bytes);
  // The application handles nothing more: what ended sources hold counts no more.
  void stop();

  // From any thread.
  std::size_t total() const { return held_.get() + unfinished_.get(); }
  bool is_closed() const { return closed_; }
  // One source may, whatever it holds already, and it will still be much less than the bound.
  bool may_read_at_once(std::size_t bytes) const { return !closed_ && bytes <= share(); }

 private:
  // It has been so, and still is.
  static bool is_between_messages(const ReadSource& source, bool in_message, std::size_t bytes) {
    return !in_message && source.begun_at_ == 0 && source.unfinished_ == bytes && !source.place_;
  }
  void note_unfinished(ReadSource& source, bool in_message, std::size_t bytes);
  void end_assembled(ReadSource& source);
  void update(ReadSource& source);
  void update_share(ReadSource& source);
  void update_place(ReadSource& source);
  void update_gate();
  bool link(ReadSource& source) noexcept;
  void unlink(ReadSource& source) noexcept;
  void set_behind_gate(ReadSource& source, bool behind);
  void choose_turn();
  std::size_t held_by_big_ones() const;
  void watch(ReadSource& source);
  void watch_all();
  void end_those_that_gain_nothing();
  bool does_anybody_wait_beside(const ReadSource& source) const;
  bool gains_too_little(const ReadSource& source) const;
  bool has_timer() noexcept;
  void arm();
  std::size_t share() const { return bound_ / 32; }
  // The gate opens when a quarter of the bound is free: otherwise reading would stop and start with
  // each message.
  std::size_t reopening() const { return bound_ / 4 * 3; }
  std::size_t counted() const { return total() - (turn_ ? turn_->unfinished_ : 0); }

  const std::size_t bound_;
  const std::size_t little_;
  const Duration patience_;
  transport::Loop& loop_;
  std::unique_ptr<transport::Timer> timer_;  // once the gate has closed
  Counter<std::size_t> held_;                // of all sources, also those that ended
  std::size_t ended_ = 0;                    // of those that ended
  Counter<std::size_t> unfinished_;          // of all sources
  std::uint64_t messages_begun_ = 0;
  ReadSource* first_ = nullptr;   // of those that hold much
  ReadSource* cursor_ = nullptr;  // of a walk in which others may leave the list
  ReadSource* turn_ = nullptr;    // whose big message is read on
  bool closed_ = false;
  bool is_turn_over_ = false;  // since it was last looked at
  bool is_stale_ = false;      // a message has ended since it was last looked at
  bool stopped_ = false;
};

}  // namespace simws::endpoint
