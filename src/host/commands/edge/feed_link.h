// Where an edge's topics come from: the broker, or what a test has in its place.
#pragma once

#include "broker/edge_feed.h"

#include <simws/broker.h>
#include <simws/opcode.h>
#include <simws/result.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace simws::host {

class FeedLink {
 public:
  // No handler is called any more when it's over.
  virtual ~FeedLink() = default;

  // As broker::EdgeFeed.
  virtual bool publish_in(std::string_view viewer, std::string_view topic, std::string_view data,
                          Opcode opcode) = 0;
  virtual void start_anew() = 0;
};

using StartFeed = std::function<Result<std::unique_ptr<FeedLink>>(broker::EdgeHandlers)>;

// The broker's. Without libnats: an error that says what to do.
Result<std::unique_ptr<FeedLink>> start_broker_feed(const BrokerOptions& options,
                                                    const std::string& name,
                                                    const std::string& edge,
                                                    broker::EdgeHandlers handlers);

}  // namespace simws::host
