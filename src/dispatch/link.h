// The network's side of one server: turns what its handlers tell into events for the script.
#pragma once

#include "dispatch/inbox.h"
#include "dispatch/record.h"

#include <simws/server.h>

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

// Belongs to the network's thread. Handlers hold it, so it lives as long as connections do.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(ServerId server, std::shared_ptr<Route> route, ServerOptions options)
      : server_id_(server), route_(std::move(route)), options_(std::move(options)) {}

  Result<int> listen(EventLoop& loop, int port);
  // Tells nothing any more.
  void stop();

  // As Server::make_room.
  bool make_room(std::size_t bytes) { return !stopped_ && server_->make_room(bytes); }
  // The script has handled events of this cost.
  void note_handled(Record& record, std::size_t bytes);

  ServerInfo info() const { return server_->info(); }
  const ServerOptions& options() const { return options_; }

 private:
  RecordPtr record_of(Connection& connection);
  void tell(Connection& connection, QueuedEvent::Kind kind);
  void tell_end(Connection& connection, QueuedEvent::Kind kind);
  void tell_last(const RecordPtr& record, QueuedEvent::Kind kind,
                 std::unique_ptr<ConnectionInfo> info);
  void tell_message(Connection& connection, std::string_view data, Opcode opcode);
  void tell_request(Connection& connection, const HttpRequest& request);
  void route(const RecordPtr& record, QueuedEvent event, std::string_view data);
  void queue(const RecordPtr& record, QueuedEvent event, std::string_view data);
  void push(const RecordPtr& record, QueuedEventPtr event);
  void release(Connection& connection);

  const ServerId server_id_;
  const std::shared_ptr<Route> route_;
  const ServerOptions options_;
  std::unique_ptr<Server> server_;
  bool stopped_ = false;
};

}  // namespace simws::dispatch
