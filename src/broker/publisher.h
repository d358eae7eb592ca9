// What a server publishes, as it goes to the broker: under its subject, in parts where it's too
// large for one message; what is retained into the stream too.
#pragma once

#include "broker/connection.h"
#include "broker/retained_copies.h"
#include "protocol/broker/broker_message.h"

#include <string>
#include <string_view>

namespace simws::broker {

// One thread uses it.
class Publisher {
 public:
  // `copies`: null where nothing can be stored. REQUIRES: they outlive it.
  Publisher(Connection& connection, RetainedCopies* copies, std::string name)
      : connection_(connection), copies_(copies), name_(std::move(name)) {}

  enum class Outcome : std::uint8_t {
    handed_on,
    too_large,  // for a broker whose messages are that small
    lost,       // the connection
  };
  // REQUIRES: what it says of the message's parts is for one.
  Outcome publish(const protocol::BrokerPublication& publication, std::string_view data);

 private:
  Outcome publish_part(const protocol::BrokerPublication& part, std::string_view data);

  Connection& connection_;
  RetainedCopies* copies_;
  const std::string name_;
};

}  // namespace simws::broker
