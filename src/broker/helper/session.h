// From the moment that a simulation's name is ours on a connection to the broker until it's lost.
#pragma once

#include "broker/connection.h"
#include "broker/helper/output.h"
#include "broker/publisher.h"
#include "broker/retained_copies.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace simws::broker {

// One thread publishes and marks, another one asks how it is; two of its own acknowledge marks and
// hand on what viewers publish.
class Session {
 public:
  // `stored`: as begin_retained_stream has said; nothing: there's no stream.
  Session(std::unique_ptr<Connection> connection, Output& output, const std::string& name,
          std::string epoch, std::optional<std::uint64_t> stored);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  void publish(const protocol::BrokerPublication& publication, std::string_view data);
  // What is retained already, as it's told after the connection's begin.
  void publish_again(const protocol::BrokerPublication& publication, std::string_view data);
  // Acknowledges it when all that was published before is with the broker; `of_stored`: when what
  // is retained of it is stored, or can't be.
  void mark(std::uint64_t number, bool of_stored);

  Connection& connection() { return *connection_; }
  // Of what is published by it.
  const std::string& epoch() const { return epoch_; }
  // Why something that is retained isn't stored; empty: all is.
  std::string storing_failure() const { return copies_ ? copies_->failure() : std::string(); }
  // What else doesn't work; empty: nothing.
  std::string problem();

 private:
  bool has_all_again() const;
  void acknowledge_marks();
  void hand_on_inbound();
  void hand_on(natsMsg* message);

  const std::unique_ptr<Connection> connection_;
  Output& output_;
  const std::string name_;
  const std::string epoch_;
  const std::unique_ptr<RetainedCopies> copies_;  // null: nothing is stored
  Publisher publisher_;
  NatsSubscription inbound_;
  std::chrono::steady_clock::time_point told_again_;  // what is retained, or the begin
  bool is_complete_ = false;
  std::atomic<bool> was_too_large_ = false;
  std::int64_t dropped_ = 0;  // of what viewers publish, as it was told last

  std::mutex mutex_;
  std::condition_variable has_marks_;
  std::deque<std::uint64_t> marks_;
  bool is_ending_ = false;
  std::thread acknowledging_;
  std::thread handing_on_;
};

}  // namespace simws::broker
