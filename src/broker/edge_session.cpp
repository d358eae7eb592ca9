#include "broker/edge_session.h"

#include "base/thread.h"
#include "protocol/broker/message_parts.h"
#include "protocol/broker/subject.h"

#include <chrono>
#include <utility>

namespace simws::broker {

namespace {

constexpr std::size_t most_waiting = 64u << 20;  // in bytes, of what is live
constexpr std::size_t most_parts = 1u << 30;     // in bytes, of messages that aren't whole yet
constexpr std::int64_t patience = 1000;          // in ms
constexpr std::chrono::seconds pause{2};         // before what is retained is read again

}  // namespace

EdgeSession::EdgeSession(std::shared_ptr<Connection> connection, EdgeDelivery& delivery)
    : connection_(std::move(connection)), delivery_(delivery), reading_(*connection_, delivery) {}

EdgeSession::~EdgeSession() {
  connection_->close();
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_one();
  if (delivering_live_.joinable()) delivering_live_.join();
  if (delivering_retained_.joinable()) delivering_retained_.join();
}

void EdgeSession::start() {
  reading_.begin();
  live_ = connection_->subscribe(protocol::all_publications(delivery_.name()), most_waiting);
  // From here on what isn't in the stream yet when that is read comes live: the broker takes what
  // we ask for in its order.
  if (!live_) connection_->close();
  delivering_live_ = start_thread([this] { deliver_live(); });
  delivering_retained_ = start_thread([this] { deliver_retained(); });
}

void EdgeSession::deliver_live() {
  protocol::PartJoiner joiner(most_parts);
  while (live_) {
    NatsMessage message;
    const natsStatus status = make(message, natsSubscription_NextMsg, live_.get(), patience);
    if (status == NATS_OK) {
      delivery_.take(message.get(), joiner);
    } else if (status != NATS_TIMEOUT) {
      return;
    }
  }
}

void EdgeSession::deliver_retained() {
  while (true) {
    std::string failure = reading_.read();
    if (connection_->is_closed()) return;
    const bool is_done = failure.empty();
    if (is_done) delivery_.caught_up();
    std::unique_lock lock(mutex_);
    failure_ = std::move(failure);
    if (is_done || changed_.wait_for(lock, pause, [&] { return is_ending_; })) return;
  }
}

std::string EdgeSession::look() {
  std::int64_t dropped = 0;
  if (live_) (void)natsSubscription_GetDropped(live_.get(), &dropped);
  const bool is_losing = std::exchange(dropped_, dropped) != dropped;
  if (is_losing) {
    connection_->close();
    return "messages are lost: more come than this edge can take";
  }
  const std::lock_guard lock(mutex_);
  return failure_.empty() ? connection_->complaint() : failure_;
}

}  // namespace simws::broker
