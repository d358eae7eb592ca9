// Who holds a simulation's name: a key of the bucket simws_names, which its holder renews, and
// which ends by itself when nobody does.
#pragma once

#include "broker/connection.h"
#include "protocol/broker/broker_answers.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace simws::broker {

using Holder = protocol::NameHolder;

// Why nothing of JetStream works, for people.
struct JetStreamFailure {
  std::string text;
};
// Of what a function of libnats has just returned on this thread.
JetStreamFailure jet_stream_failure(natsStatus status);

// One thread uses it. Its functions wait for the broker, some seconds at most.
class NameBucket {
 public:
  // REQUIRES: the connection outlives it.
  explicit NameBucket(Connection& connection);

  struct Nobody {};
  using Answer = std::variant<Nobody, Holder, JetStreamFailure>;
  Answer holder(const std::string& name);

  // Takes the name, or renews it. Holder: who has it; `ours` itself where we do.
  std::variant<Holder, JetStreamFailure> hold(const std::string& name, const Holder& ours);
  // Others needn't wait for its end.
  void release(const std::string& name);

  // How long a name lasts that nobody renews.
  std::chrono::milliseconds time_to_live() const { return time_to_live_; }

 private:
  natsStatus open(bool may_make);
  void read_time_to_live();
  Answer get(const std::string& name, std::uint64_t& revision);

  JetStream jet_stream_;
  KeyValues bucket_;
  std::uint64_t revision_ = 0;  // of our own entry; 0: we have none
  std::chrono::milliseconds time_to_live_{6000};
};

}  // namespace simws::broker
