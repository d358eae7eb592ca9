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
 public:
  // Owns its node, which lies in the desk's list while the stream waits.
  class Place {
   public:
    explicit Place(TlsStream& stream) : home_{&stream}, node_(home_.begin()) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    friend class TlsDesk;
    std::list<TlsStream*> home_;
    std::list<TlsStream*>::iterator node_;
  };

  explicit TlsDesk(Loop& loop);

  // Has `catch_up` called on the stream in a turn to come, unless it's removed. Needs no memory.
  void add(Place& place);
  void remove(Place& place);

  // For what is decrypted: all of what a loop reads at once.
  MutableBytes plain() { return *plain_; }
  // For what is to lie in one record, whose memory it has.
  std::vector<std::byte>& gathered() { return gathered_; }

 private:
  void run();

  static constexpr std::size_t plain_size = 80 * 1024;
  static constexpr std::size_t gathered_size = 16 * 1024;
  using Plain = std::array<std::byte, plain_size>;

  std::unique_ptr<Plain> plain_ = std::make_unique_for_overwrite<Plain>();
  std::vector<std::byte> gathered_;
  std::list<TlsStream*> waiting_;
  std::unique_ptr<Timer> timer_;
};

}  // namespace simws::transport
