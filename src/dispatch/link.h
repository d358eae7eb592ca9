// The network's side of one server or client: turns what its handlers tell into events for the
// script.
#pragma once

#include "dispatch/inbox.h"
#include "dispatch/record.h"

#include <simws/connection.h>
#include <simws/event_loop.h>
#include <simws/log.h>
#include <simws/result.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace simws::dispatch {

// The script's thread, where it drives the network itself.
class DirectSink {
 public:
  // False: not now; it has to wait in the inbox. What is thrown: it hasn't been handed on.
  virtual bool on_network_event(const RecordPtr& record, QueuedEvent& event,
                                std::string_view data) = 0;

 protected:
  ~DirectSink() = default;
};

// Where events go.
struct Route {
  Inbox inbox;
  DirectSink* sink = nullptr;          // asked first; null: the script has ended
  std::function<void()> on_pushed;     // on the network's thread, after an event went to the inbox
  std::function<void()> on_neglected;  // there too, once: events wait, and nothing takes them
};

// Belongs to the network's thread, but for what says otherwise. Handlers hold it, so it lives as
// long as connections do.
class Link : public std::enable_shared_from_this<Link> {
 public:
  virtual ~Link() = default;

  // Tells nothing any more. It needs no memory.
  virtual void stop() = 0;
  // As Server::make_room.
  virtual bool make_room(std::size_t bytes) = 0;
  // The script has handled events of this cost.
  void note_handled(Record& record, std::size_t bytes);

  // From any thread.
  virtual const Logger& logger() const = 0;
  virtual std::size_t max_queued_bytes() const = 0;
  // The script's thread: what its information is from now on, while it's being stopped.
  virtual void keep_info() = 0;

 protected:
  Link(EndpointId endpoint, std::shared_ptr<Route> route)
      : endpoint_id_(endpoint), route_(std::move(route)) {}

  // What servers and clients tell in the same way.
  template <typename Handlers>
  Handlers make_handlers();
  void tell_request(Connection& connection, const HttpRequest& request);
  void tell_attempt(Connection& connection);
  void tell_publication(Connection& connection, std::string_view topic, std::string_view data,
                        Opcode opcode);
  // What a viewer of an edge has published. False: more than so many bytes would wait.
  bool tell_remote(const RemoteViewer& viewer, std::string_view topic, std::string_view data,
                   Opcode opcode, std::size_t max_pending);
  // At most one event of each topic waits for the script.
  void tell_loss(Connection& connection, std::string_view topic, std::size_t count);
  bool is_stopped() const { return stopped_; }
  void note_stopped() { stopped_ = true; }

 private:
  // Of what has ended since; nothing when it's gone.
  virtual void release_pending(std::size_t bytes) = 0;
  // The end that is being told is the last event there will be.
  virtual bool is_last_end() const = 0;

  RecordPtr record_of(Connection& connection);
  void tell(Connection& connection, QueuedEvent::Kind kind);
  void tell_end(Connection& connection, QueuedEvent::Kind kind);
  void tell_last(const RecordPtr& record, QueuedEvent::Kind kind,
                 std::unique_ptr<ConnectionFacts> info);
  void tell_message(Connection& connection, std::string_view data, Opcode opcode);
  void route(const RecordPtr& record, QueuedEvent event, std::string_view data);
  void queue(const RecordPtr& record, QueuedEvent event, std::string_view data);
  void push(const RecordPtr& record, QueuedEventPtr event);
  void hold_pending(const Record& record, std::size_t bytes);
  void release(Connection& connection);

  const EndpointId endpoint_id_;
  const std::shared_ptr<Route> route_;
  bool stopped_ = false;
  RecordPtr remote_;                // of viewers of edges; null: none has published
  std::size_t remote_pending_ = 0;  // what the script hasn't handled of it
};

// Connections may outlive the server or client: they hold the link through these.
template <typename Handlers>
Handlers Link::make_handlers() {
  using Kind = QueuedEvent::Kind;
  const auto self = shared_from_this();
  Handlers handlers;
  handlers.open = [self](Connection& connection) { self->tell(connection, Kind::open); };
  handlers.fail = [self](Connection& connection) { self->tell_end(connection, Kind::fail); };
  handlers.close = [self](Connection& connection) { self->tell_end(connection, Kind::close); };
  handlers.message = [self](Connection& connection, std::string_view data, Opcode opcode) {
    self->tell_message(connection, data, opcode);
  };
  handlers.release = [self](Connection& connection) { self->release(connection); };
  return handlers;
}

}  // namespace simws::dispatch
