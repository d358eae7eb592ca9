// What the TLS streams of a context share, all of one loop.
#pragma once

#include "base/bytes.h"
#include "transport/loop.h"

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <vector>

namespace simws::transport {

class TlsStream;

class TlsDesk : public std::enable_shared_from_this<TlsDesk> {
  using Streams = std::list<TlsStream*>;

 public:
  // Owns its node, which lies in one of the desk's lists while the stream waits.
  class Place {
   public:
    explicit Place(TlsStream& stream) : home_{&stream}, node_(home_.begin()) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    friend class TlsDesk;
    Streams home_;
    Streams::iterator node_;
    Streams* list_ = &home_;
  };

  // A server's handshake takes a third of a millisecond, with an RSA certificate a whole one. When
  // very many come at once, others have their turn in between.
  static constexpr std::size_t most_handshakes = 4;

  explicit TlsDesk(Loop& loop);

  // Has `catch_up` called on the stream in a turn to come, unless it's removed. Needs no memory.
  void add(Place& place) { move(place, waiting_); }
  // Whether a server's handshake may begin in this turn, which then does. Else `add_handshake`: as
  // `add`, so many in each turn, of those that wait in turn the newest, which then hardly waits
  // when more come than can be served, and the oldest, which so has its turn too.
  bool takes_handshake();
  void add_handshake(Place& place) { move(place, handshakes_); }
  void remove(Place& place);

  // For what is decrypted: all of what a loop reads at once.
  MutableBytes plain() { return *plain_; }
  // For what is to lie in one record, whose memory it has.
  std::vector<std::byte>& gathered() { return gathered_; }

 private:
  void move(Place& place, Streams& list);
  void run();
  void run_one(TlsStream& stream);

  static constexpr std::size_t plain_size = 80 * 1024;
  static constexpr std::size_t gathered_size = 16 * 1024;
  using Plain = std::array<std::byte, plain_size>;

  Loop& loop_;
  std::unique_ptr<Plain> plain_ = std::make_unique_for_overwrite<Plain>();
  std::vector<std::byte> gathered_;
  Streams waiting_;
  Streams handshakes_;
  Time turn_{};            // in which handshakes began last
  std::size_t begun_ = 0;  // of them, in that turn
  std::unique_ptr<Timer> timer_;
};

}  // namespace simws::transport
