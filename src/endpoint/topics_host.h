// The connection around a WebSocket end with topics.
#pragma once

#include <simws/connection.h>

#include <string_view>

namespace simws::endpoint {

// What its topics need of a connection.
class TopicsHost {
 public:
  // A message for the application; of a publication with its topic.
  virtual void on_sent(std::string_view data, Opcode opcode) = 0;
  virtual void on_published(std::string_view topic, std::string_view data, Opcode opcode) = 0;
  virtual Connection& connection() = 0;

 protected:
  ~TopicsHost() = default;
};

}  // namespace simws::endpoint
