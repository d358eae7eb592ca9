// The door through which messages leave: here, and only here, what is sent on a connection is
// checked, encoded and charged, by the thread that sends. What was admitted is on its way,
// whichever thread carries it on.
#pragma once

#include "base/gauge.h"
#include "protocol/message.h"
#include "protocol/output_budget.h"
#include "protocol/send_check.h"
#include "protocol/shared_message.h"
#include "protocol/traffic_counter.h"

#include <simws/opcode.h>
#include <simws/result.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace simws::protocol {

// What waits to be sent on one connection, and in all of its server.
struct OutputGauges {
  explicit OutputGauges(std::shared_ptr<OutputBudget> of_server) : server(std::move(of_server)) {}

  Gauge connection;
  const std::shared_ptr<OutputBudget> server;
};

// Bytes that wait between the threads: they count from when they were admitted until this dies,
// wherever that is. The gauges outlive it.
class Charge {
 public:
  Charge() = default;
  // `waiting` on the connection, `memory` of the server.
  Charge(OutputGauges& gauges, std::size_t waiting, std::size_t memory);
  Charge(Charge&& other) noexcept { swap(other); }
  Charge& operator=(Charge&& other) noexcept {
    Charge(std::move(other)).swap(*this);
    return *this;
  }
  // Where it dies, its bytes have been lost on their way.
  ~Charge();
  // On the network's thread: they count there from now on, or no more.
  void arrive();

 private:
  void swap(Charge& other) noexcept {
    std::swap(gauges_, other.gauges_);
    std::swap(waiting_, other.waiting_);
    std::swap(memory_, other.memory_);
  }

  OutputGauges* gauges_ = nullptr;
  std::size_t waiting_ = 0;
  std::size_t memory_ = 0;
};

// A message that was admitted: its bytes and what they are charged.
struct OutgoingMessage {
  Message own;              // unless it's shared
  SharedMessagePtr shared;  // null: it's the connection's own
  Charge charge;
  bool compress = true;  // where that was agreed on

  MessageView view() const { return shared ? shared->view() : own.view(); }
};

enum class Verdict : std::uint8_t {
  admitted,
  closed,             // nothing can be sent any more
  in_message,         // of a shared one: the connection is in the middle of a fragmented message
  over_max_queued,    // the connection must be closed: it would hold more than it may
  over_total_queued,  // so would the server: somebody must make room
};

// `admit` and what it leads to belong to one thread at a time, the sender's. Outlives its
// connection while anybody holds it.
class Outlet {
 public:
  // What a reference to a shared message costs its server.
  static constexpr std::size_t reference_cost = 64;

  explicit Outlet(std::shared_ptr<OutputBudget> of_server) : gauges_(std::move(of_server)) {}
  ~Outlet() { delete traffic_.load(std::memory_order_relaxed); }
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;

  // Whether `data` may be sent next, and is. Error, and nothing changes: text that isn't UTF-8, a
  // fragment out of order, more than max_queued_bytes in one message. Only what is admitted counts
  // as sent.
  Result<Verdict> admit(std::string_view data, Opcode opcode, bool fin);
  Verdict admit(const SharedMessage& shared);
  // The same, on another thread than the network's: what is handed over is charged to `charge`.
  Result<Verdict> admit(std::string_view data, Opcode opcode, bool fin, Charge& charge);
  Verdict admit(const SharedMessage& shared, Charge& charge);
  // What counts as sent, for who can't send what was admitted after all.
  const SendCheck& sent() const { return check_; }
  void set_sent(const SendCheck& sent) { check_ = sent; }
  // Of an HTTP answer's body; the network's thread needs no charge for what it queues itself.
  // Nothing: the server has no room for it.
  std::optional<Charge> admit_answer(std::size_t bytes);
  bool has_room_for_answer(std::size_t bytes) const { return gauges_.server->has_room_for(bytes); }
  // Where what is queued is charged.
  OutputGauges& gauges() { return gauges_; }

  // From any thread.
  std::size_t queued_bytes() const { return gauges_.connection.used(); }
  // Messages may be sent from `open`, when the opening handshake is done, to `close`.
  bool is_closed() const { return closed_.load(std::memory_order_relaxed); }
  void open() { closed_.store(false, std::memory_order_relaxed); }
  void close() { closed_.store(true, std::memory_order_relaxed); }
  // Of the latest ping answered, in seconds; negative: unknown.
  float round_trip_time() const { return round_trip_time_.load(std::memory_order_relaxed); }
  void set_round_trip_time(float seconds) {
    round_trip_time_.store(seconds, std::memory_order_relaxed);
  }
  Traffic traffic(Time now) const;

  // The network's thread: what it counts. Null: nothing has been counted yet.
  TrafficCounter* counted() const { return traffic_.load(std::memory_order_relaxed); }
  // From here on something is. Null: there's no memory for it.
  TrafficCounter* count() noexcept { return counted() ? counted() : begin_counting(); }

  const std::shared_ptr<OutputBudget>& budget() const { return gauges_.server; }

 private:
  enum class Thread : std::uint8_t { networks, other };
  Verdict judge(std::size_t payload, std::size_t memory, Thread thread);
  std::size_t max_queued_bytes() const { return gauges_.server->max_queued_bytes(); }
  TrafficCounter* begin_counting() noexcept;
  Verdict admit_on(Thread thread, const SharedMessage& shared);
  Result<Verdict> admit_on(Thread thread, std::string_view data, Opcode opcode, bool fin);

  OutputGauges gauges_;
  SendCheck check_;
  std::atomic<bool> closed_{true};
  std::atomic<float> round_trip_time_{-1};
  std::atomic<TrafficCounter*> traffic_{nullptr};  // ours; idle connections are many, and have none
};

// Where nothing can be sent any more: false, but what is wrong with the data is wrong all the same.
Result<bool> check_nowhere_to_go(std::string_view data, Opcode opcode,
                                 std::size_t max_queued_bytes);

// The data of a message to several connections. Errors as Outlet::admit.
Result<void> check_whole_message(std::string_view data, Opcode opcode,
                                 std::size_t max_queued_bytes);

}  // namespace simws::protocol
