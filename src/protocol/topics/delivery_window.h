// How much of what a viewer can do without may be under way to it: the system's buffers on both
// sides hide a queue of seconds, so what is sent counts until the viewer has it. Time is passed in.
//
// Behind what was sent goes a mark, at most one at a time, which the viewer acknowledges once it
// has all that came before. From that follow its least round trip and how fast it takes things; at
// that pace it's taken to go on until its next acknowledgement is due, for that may come a round
// trip later than it could.
#pragma once

#include "base/clock.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace simws::protocol {

class DeliveryWindow {
 public:
  using Seconds = std::chrono::duration<double>;

  // Before that is known.
  static constexpr std::size_t least_bytes = 16u << 10;
  static constexpr std::size_t least_messages = 2;

  // Whether more may go under way: what the viewer has acknowledged lately in its least round trip
  // and `window`; two messages at least. 16 KiB too, unless it has shown that it needs longer for
  // what is under way. Every ten seconds a single message measures the road itself.
  bool has_room(Seconds window, Time now);
  void sent(std::size_t bytes, Time now);

  // A mark has to follow what was sent. `holds_back`: more waits for room.
  bool wants_mark(bool holds_back, Seconds window, Time now) const;
  // Returns its number.
  std::uint32_t mark(Time now);
  // Returns its round trip. Nothing: there's no such mark under way.
  std::optional<Duration> acknowledge(std::uint32_t number, Time now);

  std::size_t bytes_under_way() const {
    return static_cast<std::size_t>(sent_.bytes - acknowledged_.bytes);
  }
  std::optional<Seconds> least_round_trip() const;
  // Bytes a second; 0: not known.
  double rate() const;

 private:
  struct Total {
    std::uint64_t bytes = 0;
    std::uint64_t messages = 0;
  };
  struct Mark {
    std::uint32_t number = 0;
    Time sent_at{};
    Total sent;                      // before it
    bool is_alone = false;           // nothing else was under way
    std::uint64_t bytes_before = 0;  // acknowledged
    Time since{};                    // when these were, or when something went under way again
  };
  struct Sample {
    double bytes = 0;
    double seconds = 0;
  };

  std::uint64_t messages_under_way() const { return sent_.messages - acknowledged_.messages; }
  double pace(Time now) const;
  double limit(Seconds window, Time now) const;
  double still_under_way(Seconds window, Time now) const;
  double queued_on_the_way(Time now) const;
  void note_pace(Seconds round_trip);
  bool is_overdue(Time now) const;
  void note_round_trip(Seconds taken, bool is_alone, Time now);

  Total sent_;
  Total acknowledged_;
  Time latest_{};  // something was acknowledged, or went under way when nothing was
  std::optional<Mark> mark_;
  std::uint32_t last_number_ = 0;
  Time last_mark_{};

  std::array<Sample, 8> samples_{};  // of what was acknowledged lately
  std::size_t next_sample_ = 0;
  double queued_ = 0;  // in bytes, as of then
  Time queued_at_{};
  Seconds latest_window_{0};
  bool held_back_ = false;     // since the latest acknowledgement
  std::size_t slow_left_ = 0;  // for so many samples the viewer counts as slow

  Seconds least_round_trip_{-1};
  Time least_since_{};
};

}  // namespace simws::protocol
