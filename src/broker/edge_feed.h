// A simulation's topics as they come from the broker, for a process that serves viewers: what is
// published from here on, and the retained state from the stream; and the way back for what viewers
// publish.
#pragma once

#include <simws/broker.h>
#include <simws/opcode.h>
#include <simws/result.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::broker {

// A whole message: its parts are joined.
struct EdgeMessage {
  std::string topic;
  std::string key;
  std::string data;
  Opcode opcode = Opcode::text;
  bool retain = false;
  bool forget = false;  // the key is forgotten; `data` is empty
  std::string epoch;    // 12 hex digits: one start of the simulation's server
  std::uint64_t sequence = 0;
  double time = 0;  // Unix time in milliseconds
};

struct EdgeStatus {
  bool is_connected = false;
  std::string server;    // the broker's name and address; empty: not connected
  std::string problem;   // for people; empty: none
  bool is_held = false;  // somebody holds the simulation's name
  std::string holder;    // the simulation's server, for people
  std::string epoch;     // the holder's
  std::string topics;    // what it has set for them (protocol/broker/topic_settings.h)
  // Of the broker, measured each second; none: doesn't come back, or not yet.
  std::optional<std::chrono::duration<double>> round_trip = {};
};

// Called on threads of the feed, never two at once, and never after its end. A handler may block,
// which holds up what the broker delivers and nothing else.
struct EdgeHandlers {
  // Per subject (topic and key) in order within what is live, and within what is retained. What
  // comes of both ways comes twice: epoch and sequence tell.
  std::function<void(EdgeMessage)> message;
  // At each change, of the round trip each second. That there's a connection is told before what
  // comes on it.
  std::function<void(const EdgeStatus&)> status;
  // All that was retained when the connection began has come: once on each connection.
  std::function<void()> caught_up;
};

class EdgeFeed {
 public:
  // Connects, again and again, until it's destroyed; waits for none of it. An error: options that
  // can't be, a name or an edge that isn't [A-Za-z0-9_-]{1,64}.
  static Result<std::unique_ptr<EdgeFeed>> start(const BrokerOptions& options, std::string name,
                                                 std::string edge, EdgeHandlers handlers);
  EdgeFeed(const EdgeFeed&) = delete;
  EdgeFeed& operator=(const EdgeFeed&) = delete;
  // Its threads have ended when it returns. Not to be called by a handler.
  ~EdgeFeed();

  // To the simulation: what a viewer, described by a JSON object of 1 KiB at most, published. Any
  // thread; waits for nothing but the socket's buffer, two seconds at most. False: there's no
  // connection, or it's over the broker's limit for a message.
  bool publish_in(std::string_view viewer_json, std::string_view topic, std::string_view data,
                  Opcode opcode);

  // Ends the connection for a new one: of what is queued at the broker nothing comes. Any thread;
  // waits for nothing.
  void start_anew();

 private:
  class Impl;
  explicit EdgeFeed(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace simws::broker
