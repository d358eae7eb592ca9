// The inside of a Dispatcher. Belongs to the script's thread, but for `interrupt`.
#pragma once

#include "base/clock.h"
#include "dispatch/dispatcher.h"
#include "dispatch/link.h"
#include "dispatch/outbox.h"

#include <atomic>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace simws::dispatch {

// One server as the script knows it.
struct ScriptServer {
  std::shared_ptr<Link> link;
  ServerInfo last_info;  // once stopped
  std::unordered_map<ConnectionId, RecordPtr> records;
  ConnectionId last_id = 0;
  bool stopped = false;  // its close events are being handed on
};

class Dispatcher::Impl final : private DirectSink {
 public:
  Impl(Network& network, EventHandler& handler);
  ~Impl();

  Result<ServerId> start(int port, ServerOptions options);
  Result<void> stop(ServerId server);
  void stop_all();

  Result<bool> send(ServerId server, ConnectionId connection, std::string_view data, Opcode opcode,
                    bool fin);
  Result<bool> close(ServerId server, ConnectionId connection, CloseCode code,
                     std::string_view reason);
  Result<bool> respond(ServerId server, ConnectionId connection, const HttpResponse& response);
  Result<std::size_t> broadcast(ServerId server, std::string_view data, Opcode opcode);

  Result<std::vector<ConnectionId>> connections(ServerId server) const;
  Result<ConnectionInfo> connection_info(ServerId server, ConnectionId connection) const;
  Result<ServerInfo> server_info(ServerId server) const;
  bool is_serving() const { return !servers_.empty(); }

  bool has_events() const { return route_->inbox.has_events(); }
  std::size_t deliver(Seconds budget);
  void wait(Seconds timeout);
  int fileno();
  std::size_t serve(Seconds timeout);
  void interrupt();
  bool is_delivering() const { return delivering_; }

 private:
  // What a function works on: a connection that the script knows, or knew (null).
  struct Target {
    ScriptServer* server = nullptr;
    RecordPtr record;
  };

  // DirectSink
  void on_network_event(const RecordPtr& record, const QueuedEvent& event,
                        std::string_view data) override;

  bool is_direct() const { return network_.is_driven_by_caller(); }
  Result<Target> find(ServerId server, ConnectionId connection) const;
  Result<ScriptServer*> find_server(ServerId server) const;
  void command(Command command);

  std::size_t run_pass(Seconds budget);
  void handle(const RecordPtr& record, const QueuedEvent& event, std::string_view data);
  void introduce(ScriptServer& server, const RecordPtr& record);
  void hand_on(const Record& record, const QueuedEvent& event, std::string_view data);
  void note_handled(const RecordPtr& record, std::size_t cost);
  void report_handled();
  void respond_to(const RecordPtr& record, const HttpResponse& response);
  void stop_on_network(ServerId id, ScriptServer& server);
  void hand_on_closes(ScriptServer& server);
  void stop_silently();

  Network& network_;
  EventHandler& handler_;
  std::shared_ptr<Route> route_ = std::make_shared<Route>();
  std::shared_ptr<Outbox> outbox_ = std::make_shared<Outbox>();
  std::shared_ptr<void> look_;  // for what callbacks that take long have sent
  std::map<ServerId, std::unique_ptr<ScriptServer>> servers_;
  std::vector<RecordPtr> handled_;  // with events handled and not yet reported
  RecordPtr request_;               // whose http event is being handled, and not answered
  bool delivering_ = false;
  bool in_pass_ = false;
  bool has_descriptor_ = false;  // somebody waits on it
  std::size_t direct_count_ = 0;
  std::atomic<bool> interrupted_{false};
  std::atomic<bool> serving_{false};
};

}  // namespace simws::dispatch
