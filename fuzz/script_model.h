// What a script must see of its connections: each in contract order, told by its events.
#pragma once

#include "check.h"
#include "dispatch/event.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>

namespace simws::fuzz {

class ScriptModel {
 public:
  enum class State { unknown, asked, open, over };
  struct Connection {
    State state = State::unknown;
    bool closing = false;     // close() has returned true
    bool in_message = false;  // begun by {fin=false}
    std::string address;
  };

  Connection& operator[](dispatch::ConnectionId id) { return connections_[id]; }
  std::map<dispatch::ConnectionId, Connection>& all() { return connections_; }

  void note(const dispatch::Event& event) {
    using dispatch::EventKind;
    Connection& connection = connections_[event.connection];
    check(!is_stopped_ || event.kind == EventKind::close);
    switch (event.kind) {
      case EventKind::open:
        check(connection.state == State::unknown || connection.state == State::asked);
        connection.state = State::open;
        return;
      case EventKind::fail:
        check(connection.state == State::unknown || connection.state == State::asked);
        connection.state = State::over;
        return;
      case EventKind::message:
      case EventKind::drop:
        check(connection.state == State::open && !connection.closing);
        return;
      case EventKind::http:
      case EventKind::upgrade:
        check(connection.state == State::unknown || connection.state == State::asked);
        connection.state = State::asked;
        return;
      case EventKind::close:
        check(connection.state == State::open);
        connection.state = State::over;
        return;
    }
  }

  // The server stops: none but close events.
  void stop() { is_stopped_ = true; }
  // All connections have been told to be over.
  void check_over() const {
    for (const auto& [id, connection] : connections_) check(connection.state != State::open);
  }

 private:
  std::map<dispatch::ConnectionId, Connection> connections_;
  bool is_stopped_ = false;
};

}  // namespace simws::fuzz
