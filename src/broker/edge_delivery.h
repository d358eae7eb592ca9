// What an edge's handlers are told, by whichever thread: never two at once.
#pragma once

#include "broker/edge_feed.h"
#include "broker/nats_handles.h"
#include "protocol/broker/message_parts.h"

#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace simws::broker {

class EdgeDelivery {
 public:
  EdgeDelivery(std::string name, EdgeHandlers handlers)
      : name_(std::move(name)), handlers_(std::move(handlers)) {}

  // A message of NATS, which a stranger may have made up: then it's passed over. `joiner` is for
  // the way that it came.
  void take(natsMsg* message, protocol::PartJoiner& joiner);
  void caught_up();
  void status(const EdgeStatus& status);

  const std::string& name() const { return name_; }

 private:
  const std::string name_;
  const EdgeHandlers handlers_;
  std::mutex mutex_;
};

}  // namespace simws::broker
