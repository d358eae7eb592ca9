// A connection's subscription to a topic, or to a pattern of topics.
#pragma once

#include "endpoint/catch_ups.h"
#include "protocol/topics/waiting_publications.h"

#include <simws/topics.h>

#include <cstddef>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace simws::endpoint {

class ConnectionTopics;
struct Subscription;
struct Topic;

using Subscriptions = std::list<Subscription*>;

struct Subscription {
  Subscription(ConnectionTopics& of, Topic& to, std::string of_topic,
               const protocol::SubscriptionRules& rules)
      : connection(of), topic(to), name(std::move(of_topic)), waiting(rules) {}

  ConnectionTopics& connection;
  Topic& topic;            // until it has left
  const std::string name;  // of that
  protocol::WaitingPublications waiting;
  // Of a page, where it follows what is set for topics later; else null.
  std::unique_ptr<const SubscriptionOptions> asked;
  CatchUps catch_ups;
  protocol::PublicationPtr begun;                    // of which some parts have been sent
  std::size_t next_part = 0;                         // of that
  std::size_t counted = 0;                           // of what waits: messages
  std::size_t counted_bytes = 0;                     // their bytes
  std::size_t charged_bytes = 0;                     // and those that count for the connection
  std::size_t lost = 0;                              // since that was told
  bool is_losing = false;                            // and has told so
  bool has_left = false;                             // its topic, which may be gone
  bool is_ready = false;                             // something may be sent
  Subscriptions::iterator in_topic;                  // its place among the topic's
  Subscriptions::iterator in_waiting;                // and among its connection's, ready or not
  std::optional<Subscriptions::iterator> in_losing;  // and among those whose loss is to be told
};

}  // namespace simws::endpoint
