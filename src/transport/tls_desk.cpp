#include "transport/tls_desk.h"

#include "transport/task_queue.h"
#include "transport/tls_stream.h"

#include <utility>

namespace simws::transport {

TlsDesk::TlsDesk(Loop& loop) : loop_(loop), timer_(loop.make_timer([this] { run(); })) {
  gathered_.reserve(gathered_size);
}

void TlsDesk::move(Place& place, Streams& list) {
  if (place.list_ != &place.home_) return;
  list.splice(list.end(), place.home_);
  place.list_ = &list;
  timer_->start(Time{});
}

void TlsDesk::remove(Place& place) {
  if (place.list_ == &place.home_) return;
  place.home_.splice(place.home_.begin(), *place.list_, place.node_);
  place.list_ = &place.home_;
}

bool TlsDesk::takes_handshake() {
  const Time now = loop_.now();
  if (std::exchange(turn_, now) != now) begun_ = 0;
  if (!handshakes_.empty() || begun_ == most_handshakes) return false;
  ++begun_;
  return true;
}

// Handlers may destroy other streams meanwhile, and with the last one the desk.
void TlsDesk::run() {
  const std::shared_ptr<TlsDesk> self = shared_from_this();
  for (std::size_t left = waiting_.size(); left > 0 && !waiting_.empty(); --left) {
    run_one(*waiting_.front());
  }
  for (std::size_t i = 0; i < most_handshakes && !handshakes_.empty(); ++i) {
    run_one(i % 2 == 0 ? *handshakes_.back() : *handshakes_.front());
  }
  if (!waiting_.empty() || !handshakes_.empty()) timer_->start(Time{});
}

void TlsDesk::run_one(TlsStream& stream) {
  remove(stream.place());
  run_task([&] { stream.catch_up(); });
}

}  // namespace simws::transport
