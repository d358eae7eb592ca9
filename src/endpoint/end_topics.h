// What a WebSocket end has besides where its connection is subscribed to topics.
#pragma once

#include "base/bytes.h"

#include <simws/opcode.h>

namespace simws::endpoint {

class EndTopics {
 public:
  virtual ~EndTopics() = default;

  // simws.topics.1 is spoken: every message of both sides begins with a header line.
  virtual bool has_envelopes() const = 0;
  // A message of such a peer.
  virtual void on_message(Opcode opcode, Bytes message) = 0;
  // False: it's no answer to a mark.
  virtual bool on_pong(Bytes payload) = 0;
  // There may be room again.
  virtual void on_room() = 0;
  // Nothing waits to be sent or compressed any more.
  virtual void on_all_taken() = 0;
  // No message is sent from here on but what is owed by policy `all`, and that at once (`sends`).
  virtual void on_closing(bool sends) = 0;
};

}  // namespace simws::endpoint
