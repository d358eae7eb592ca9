#include "transport/tls_desk.h"

#include "transport/task_queue.h"
#include "transport/tls_stream.h"

namespace simws::transport {

TlsDesk::TlsDesk(Loop& loop) : timer_(loop.make_timer([this] { run(); })) {
  gathered_.reserve(gathered_size);
}

void TlsDesk::add(Place& place) {
  if (place.home_.empty()) return;
  waiting_.splice(waiting_.end(), place.home_);
  timer_->start(Time{});
}

void TlsDesk::remove(Place& place) {
  if (place.home_.empty()) place.home_.splice(place.home_.begin(), waiting_, place.node_);
}

// Handlers may destroy other streams meanwhile, and with the last one the desk.
void TlsDesk::run() {
  const std::shared_ptr<TlsDesk> self = shared_from_this();
  for (std::size_t left = waiting_.size(); left > 0 && !waiting_.empty(); --left) {
    TlsStream& stream = *waiting_.front();
    remove(stream.place());
    run_task([&] { stream.catch_up(); });
  }
  if (!waiting_.empty()) timer_->start(Time{});
}

}  // namespace simws::transport
