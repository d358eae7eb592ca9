#include "transport/send_ring.h"

#include <algorithm>

#ifdef __linux__
#include <liburing.h>
#include <sys/socket.h>

#include <cerrno>
#endif

namespace simws::transport {

#ifdef __linux__

// Nothing is ever left under way in it: a send that would wait comes back at once (MSG_DONTWAIT).
class SendRing::Ring {
 public:
  // Null: the system has none, or (`may_have`) none at the moment.
  static std::unique_ptr<Ring> make(bool& may_have);
  ~Ring() { io_uring_queue_exit(&ring_); }
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  // How many it has done, from the front. Less than all: it's of no more use.
  std::size_t send(std::span<Sending> sendings);

 private:
  explicit Ring(const io_uring& ring) : ring_(ring) {}

  io_uring ring_;
};

namespace {

Transfer to_transfer(int result) {
  if (result >= 0) return {static_cast<std::size_t>(result), 0};
  return {0, result == -EINTR ? EAGAIN : -result};
}

}  // namespace

std::unique_ptr<SendRing::Ring> SendRing::Ring::make(bool& may_have) {
  io_uring ring{};
  const int error = -io_uring_queue_init(capacity, &ring, 0);
  may_have = error == EMFILE || error == ENFILE || error == ENOMEM;
  if (error != 0) return nullptr;
  std::unique_ptr<Ring> made(new Ring(ring));
  // Of the version after the one that brought sends.
  if ((ring.features & IORING_FEAT_FAST_POLL) == 0) return nullptr;
  return made;
}

std::size_t SendRing::Ring::send(std::span<Sending> sendings) {
  for (Sending& sending : sendings) {
    io_uring_sqe* const entry = io_uring_get_sqe(&ring_);
    io_uring_prep_send(entry, sending.socket->descriptor(), sending.bytes.data(),
                       sending.bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    io_uring_sqe_set_data(entry, &sending);
  }
  const int submitted = io_uring_submit(&ring_);
  int done = 0;
  io_uring_cqe* completion = nullptr;
  while (done < submitted) {
    const int waited = io_uring_wait_cqe(&ring_, &completion);
    if (waited == -EINTR) continue;
    if (waited != 0) break;
    auto& sending = *static_cast<Sending*>(io_uring_cqe_get_data(completion));
    sending.transfer = to_transfer(completion->res);
    io_uring_cqe_seen(&ring_, completion);
    ++done;
  }
  return static_cast<std::size_t>(done);
}

#else

class SendRing::Ring {
 public:
  static std::unique_ptr<Ring> make(bool& may_have) {
    may_have = false;
    return nullptr;
  }
  std::size_t send(std::span<Sending>) { return 0; }
};

#endif

SendRing::SendRing(System system) : system_(system) {}

SendRing::~SendRing() = default;

void SendRing::send(std::span<Sending> sendings) {
  while (!sendings.empty()) {
    const std::size_t count = std::min(sendings.size(), capacity);
    send_together(sendings.first(count));
    sendings = sendings.subspan(count);
  }
}

void SendRing::send_together(std::span<Sending> sendings) {
  std::size_t done = 0;
  // A single one is cheaper by a call of its own.
  if (sendings.size() > 1 && system_ == System::ask) {
    bool may_have_later = false;
    if (!ring_) ring_ = Ring::make(may_have_later);
    if (ring_) done = ring_->send(sendings);
    if (done < sendings.size()) {
      ring_.reset();
      if (!may_have_later) system_ = System::one_by_one;
    }
  }
  for (Sending& sending : sendings.subspan(done)) {
    sending.transfer = sending.socket->send(Pieces({&sending.bytes, 1}));
  }
}

}  // namespace simws::transport
