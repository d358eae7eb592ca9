#include "broker/helper/session.h"

#include "base/thread.h"
#include "base/utf8.h"
#include "protocol/broker/subject.h"

#include <utility>

namespace simws::broker {

namespace {

constexpr std::size_t most_inbound = 16u << 20;  // in bytes, that wait for the server
constexpr std::chrono::seconds flush_patience{1};
constexpr std::chrono::seconds quiet_after_state{2};
constexpr std::int64_t inbound_patience = 1000;  // in ms

}  // namespace

Session::Session(std::unique_ptr<Connection> connection, Output& output, const std::string& name,
                 std::string epoch, std::optional<std::uint64_t> stored)
    : connection_(std::move(connection)),
      output_(output),
      name_(name),
      epoch_(std::move(epoch)),
      copies_(stored ? std::make_unique<RetainedCopies>(*connection_, name, *stored) : nullptr),
      publisher_(*connection_, copies_.get(), name),
      inbound_(connection_->subscribe(protocol::all_inbound(name), most_inbound)),
      told_again_(std::chrono::steady_clock::now()) {
  // What viewers publish comes from the moment on that the server hears of it.
  if (!inbound_ || !connection_->flush(flush_patience)) connection_->close();
  acknowledging_ = start_thread([this] { acknowledge_marks(); });
  handing_on_ = start_thread([this] { hand_on_inbound(); });
}

Session::~Session() {
  connection_->close();
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  has_marks_.notify_one();
  acknowledging_.join();
  handing_on_.join();
}

void Session::publish_again(const protocol::BrokerPublication& publication, std::string_view data) {
  told_again_ = std::chrono::steady_clock::now();
  publish(publication, data);
}

// The server tells all of it before anything new. What was on its way when it heard of the
// connection is over by then.
bool Session::has_all_again() const {
  return std::chrono::steady_clock::now() - told_again_ > quiet_after_state;
}

// What couldn't go whole leaves a connection on which nothing more makes sense.
void Session::publish(const protocol::BrokerPublication& publication, std::string_view data) {
  if (copies_ && !is_complete_ && has_all_again()) {
    is_complete_ = true;
    copies_->complete();
  }
  switch (publisher_.publish(publication, data)) {
    case Publisher::Outcome::handed_on:
      break;
    case Publisher::Outcome::too_large:
      was_too_large_ = true;
      break;
    case Publisher::Outcome::lost:
      connection_->close();
      break;
  }
}

void Session::mark(std::uint64_t number, bool of_stored) {
  if (of_stored && copies_) {
    return copies_->when_stored(
        [this, number] { output_.say(protocol::helper_word::acknowledge(number)); });
  }
  {
    const std::lock_guard lock(mutex_);
    marks_.push_back(number);
  }
  has_marks_.notify_one();
}

void Session::acknowledge_marks() {
  while (true) {
    std::deque<std::uint64_t> marks;
    {
      std::unique_lock lock(mutex_);
      has_marks_.wait(lock, [&] { return is_ending_ || !marks_.empty(); });
      if (is_ending_) return;
      marks.swap(marks_);
    }
    while (!connection_->flush(flush_patience)) {
      if (connection_->is_closed()) return;
    }
    for (const std::uint64_t number : marks) {
      output_.say(protocol::helper_word::acknowledge(number));
    }
  }
}

void Session::hand_on_inbound() {
  while (inbound_) {
    NatsMessage message;
    const natsStatus status =
        make(message, natsSubscription_NextMsg, inbound_.get(), inbound_patience);
    if (status == NATS_OK) {
      hand_on(message.get());
    } else if (status != NATS_TIMEOUT) {
      return;
    }
  }
}

// What strangers make up is passed over.
void Session::hand_on(natsMsg* message) {
  const auto inbound =
      protocol::decode_inbound(name_, natsMsg_GetSubject(message), headers_of(message));
  if (!inbound) return;
  const std::string_view data = data_of(message);
  if (inbound->opcode == Opcode::text && !is_utf8(as_bytes(data))) return;
  output_.say(
      protocol::helper_word::publish(inbound->viewer, inbound->topic, inbound->opcode, data.size()),
      data);
}

std::string Session::problem() {
  if (was_too_large_) {
    return "a message doesn't fit: the broker's max_payload of " +
           std::to_string(connection_->max_payload()) + " bytes is too small";
  }
  std::int64_t dropped = 0;
  if (inbound_) (void)natsSubscription_GetDropped(inbound_.get(), &dropped);
  const bool is_losing = std::exchange(dropped_, dropped) != dropped;
  if (is_losing)
    return "messages of edges' viewers are lost: they publish more than the server reads";
  return connection_->complaint();
}

}  // namespace simws::broker
