// The servers and clients of one script: what it asks of them goes to the network, what happens
// there comes back as events, on its own thread only.
#pragma once

#include "base/clock.h"
#include "base/script_times.h"
#include "dispatch/audience.h"
#include "dispatch/client_link.h"
#include "dispatch/event.h"
#include "dispatch/network.h"
#include "dispatch/outbox.h"
#include "dispatch/server_link.h"
#include "protocol/kept_messages.h"

#include <simws/connection.h>
#include <simws/options.h>
#include <simws/result.h>
#include <simws/server.h>

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace simws::dispatch {

// What a script has of a client besides.
struct ScriptClient {
  explicit ScriptClient(std::shared_ptr<ClientLink> of)
      : link(std::move(of)), kept(link->max_queued_bytes()) {}

  std::shared_ptr<ClientLink> link;
  RecordPtr current;  // its open connection, or null
  protocol::KeptMessages kept;
  std::uint64_t dropped = 0;  // of those
  bool may_bring_events = true;
};

// One server or client as the script knows it.
struct ScriptEndpoint {
  std::shared_ptr<Link> link;
  std::shared_ptr<ServerLink> server;    // null: it's a client
  std::unique_ptr<ScriptClient> client;  // null: it's a server
  std::unordered_map<ConnectionId, RecordPtr> records;
  ConnectionId last_id = 0;
  protocol::SharedMessages shared_messages;
  std::vector<RecordPtr> ends;  // room for all records, so that stopping needs no memory
  bool stopped = false;         // its close events are being handed on
  bool is_recorded = false;     // the script has asked for it
};

// Belongs to the script's thread. Errors: invalid_handle for a server, client or connection that
// never existed or is of another server or client; what each function says besides.
class Dispatcher final : private DirectSink {
 public:
  // Both must outlive the dispatcher. `on_neglected` is called once at the most, on the network's
  // thread: events have waited for two seconds, and no pass has begun. It may not throw.
  Dispatcher(Network& network, EventHandler& handler, std::function<void()> on_neglected = nullptr);
  // Stops all servers and clients, without events.
  ~Dispatcher();
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;

  Result<EndpointId> start(int port, ServerOptions options);
  // Errors as Client::connect.
  Result<EndpointId> connect(std::string_view uri, ClientOptions options);
  // Hands on a close event for each connection whose open event was handed on (1001 of a server,
  // 1000 of a client; not clean), before it returns.
  Result<void> stop(EndpointId endpoint);
  // Stops all of them, with close events.
  void stop_all();

  // As Connection::send, close and respond; false also for a connection that has closed.
  Result<bool> send(EndpointId endpoint, ConnectionId connection, std::string_view data,
                    Opcode opcode = Opcode::text, SendOptions options = {});
  // On the one open connection of a client; as Client::send.
  Result<bool> send_by_client(EndpointId client, std::string_view data,
                              Opcode opcode = Opcode::text, SendOptions options = {});
  Result<bool> close(EndpointId endpoint, ConnectionId connection, CloseCode code,
                     std::string_view reason);
  // False outside the http event of this connection, and the second time in it. An event that isn't
  // answered when its handler returns gets 404, unless `defer` was called in it: then it's answered
  // by the `respond` that follows, whenever that is, or by 503 when its server stops before, or has
  // already. Error: see HttpResponse; the client gets 500.
  bool defer(EndpointId server, ConnectionId connection);
  Result<bool> respond(EndpointId server, ConnectionId connection, HttpResponse response);
  // Whether an upgrade event asks the script who may open a WebSocket, from here on. What has
  // opened before, and of which the script hasn't heard, is closed, and it never hears of it.
  Result<void> set_deciding(EndpointId server, bool decides);
  // As `respond`, of an upgrade event: admits it, with these fields in the answer. `respond`
  // refuses it, with a status from 400 to 599. One that isn't answered when its handler returns is
  // admitted, or gets 500 when that threw. Error: see Connection::admit; nothing is answered.
  Result<bool> admit(EndpointId server, ConnectionId connection, HeaderList headers);
  // As Server::serve_files; waits for the disk. Errors: those of ServedFolder::find too.
  Result<void> serve_files(EndpointId server, std::string_view prefix, const std::string& folder,
                           FileOptions options);
  // To those of the audience that are open.
  Result<std::size_t> broadcast(EndpointId server, std::string_view data, Opcode opcode,
                                const Audience& audience = {}, BroadcastOptions options = {});
  // As Server's: on what is open. Errors also: it's no server.
  Result<bool> subscribe(EndpointId server, ConnectionId connection, std::string_view topic,
                         const SubscriptionOptions& options);
  Result<bool> unsubscribe(EndpointId server, ConnectionId connection, std::string_view topic);
  Result<std::size_t> publish(EndpointId server, std::string_view topic, std::string_view data,
                              Opcode opcode, const PublishOptions& options);
  Result<void> set_topic(EndpointId server, std::string_view topic, const TopicOptions& options);
  Result<std::vector<TopicInfo>> topics(EndpointId server) const;
  // As Server's; the first waits for the disk.
  Result<void> start_recording(EndpointId server, const std::string& file);
  Result<RecordingInfo> stop_recording(EndpointId server);
  // Error: this server or client has never had such a connection.
  Result<void> check_connection(EndpointId endpoint, ConnectionId connection) const;

  // Open ones, in the order they opened.
  Result<std::vector<ConnectionId>> connections(EndpointId endpoint) const;
  // Until the close or fail event has been handled.
  Result<ConnectionInfo> connection_info(EndpointId endpoint, ConnectionId connection) const;
  Result<ServerInfo> server_info(EndpointId server) const;
  Result<ClientInfo> client_info(EndpointId client) const;
  // There is such a server or client.
  bool knows(EndpointId endpoint) const { return endpoints_.contains(endpoint); }
  // There is a server, or a client that can still bring an event.
  bool expects_events() const { return expected_ > 0; }

  // Cheap enough for every pass of a simulation.
  bool has_events() const { return route_->inbox.has_events(); }
  // One pass: handles waiting events, in turn over the connections, until `budget` is used up (at
  // least one) or `end_pass`. Returns how many. Costs next to nothing when none wait. When memory
  // runs out, those that are left wait for the next pass.
  std::size_t deliver(Seconds budget);
  // Waits until an event waits, at most `timeout` (negative: without end), or until `interrupt`.
  void wait(Seconds timeout);
  // Readable while events wait.
  int fileno();

  // Drives the network by the calling thread, which handles each event as it comes, for `timeout`
  // (negative: without end), until `end_pass` or `interrupt`, or until no event can come any more.
  // Returns how many. A network thread that drove it before does so again afterwards.
  std::size_t serve(Seconds timeout);

  // Inside a handler: `deliver` or `serve` ends after it, and events that have come already wait
  // for the next one. Outside, nothing happens.
  void end_pass();
  // By a handler, since the pass under way, or the latest one, has begun.
  bool has_pass_ended() const { return pass_ends_; }

  // What the figures of its servers have of the script; it counts there itself what it alone knows.
  ScriptTimes& times() { return *times_; }

  // Ends a `wait` or `serve`; where none is under way, the next one. From any thread, and from a
  // signal handler.
  void interrupt();

  // A handler is under way: `deliver` and `serve` may not be called.
  bool is_delivering() const { return delivering_; }

  // As Network::drive_by_thread; what hinders it is logged.
  void hand_back_to_thread();

 private:
  // What a function works on: a connection that the script knows, or knew (null).
  struct Target {
    ScriptEndpoint* owner = nullptr;
    RecordPtr record;
  };

  // DirectSink
  bool on_network_event(const RecordPtr& record, QueuedEvent& event,
                        std::string_view data) override;

  // The network is the script's own thread's: what it asks is done at once.
  bool is_direct() const { return network_.is_driven_by_caller(); }
  Result<Target> find(EndpointId endpoint, ConnectionId connection) const;
  Result<ScriptEndpoint*> find_endpoint(EndpointId endpoint) const;
  Result<ScriptEndpoint*> find_server(EndpointId endpoint) const;
  Result<bool> change_subscription(EndpointId server, ConnectionId connection,
                                   std::string_view topic,
                                   std::optional<SubscriptionOptions> options);
  bool is_recording(const ScriptEndpoint& owner) const;
  void command(Command command);
  void hand_over(CommandPtr command);
  void wake_network() noexcept;
  Result<void> begin(EndpointId endpoint, std::unique_ptr<ScriptEndpoint> added,
                     const std::function<Result<void>()>& start);
  void expect_no_more(ScriptEndpoint& endpoint);
  bool make_room(const ScriptEndpoint& owner, std::size_t bytes);
  void overflow(const RecordPtr& record, protocol::Verdict verdict);
  Result<bool> send_on(const ScriptEndpoint& owner, const RecordPtr& record, std::string_view data,
                       Opcode opcode, SendOptions options);
  Result<bool> keep(ScriptEndpoint& owner, std::string_view data, Opcode opcode, bool compress);
  void send_kept(ScriptEndpoint& owner);
  Result<bool> send_at_once(Record& record, std::string_view data, Opcode opcode,
                            SendOptions options);
  protocol::Verdict broadcast_to(const ScriptEndpoint& owner, const RecordPtr& record,
                                 BroadcastCommand& broadcast);

  std::size_t run_pass(Seconds budget);
  // `now` is when it begins, and then when it has ended.
  std::size_t handle_waiting(Time& now, Time end);
  void serve_turns(Seconds timeout);
  void note_client_event(ScriptEndpoint& owner, const RecordPtr& record, const QueuedEvent& event);
  void finish(const Record& record, QueuedEvent::Kind kind);
  void prepare(const RecordPtr& record, QueuedEvent::Kind kind);
  void handle(const RecordPtr& record, QueuedEvent& event, std::string_view data);
  HttpResponse nothing_here(const Record& record) const;
  void answer_by_default(bool is_handled);
  void introduce(ScriptEndpoint& owner, const RecordPtr& record);
  void log_thrown(EndpointId endpoint, std::string_view what) const noexcept;
  bool hand_on(const Record& record, QueuedEvent& event, std::string_view data);
  void note_handled(const RecordPtr& record, std::size_t cost);
  void report_handled() noexcept;
  bool is_request_of(EndpointId endpoint, ConnectionId connection) const;
  void respond_to(const RecordPtr& record, HttpResponse response);
  void respond_by_default(const RecordPtr& record, HttpResponse response);
  void admit_to(const RecordPtr& record, HeaderList headers);
  RecordPtr take_request(EndpointId server, ConnectionId connection);
  void answer_undecided(bool is_handled, QueuedEvent::Kind kind);
  bool turns_away(const ScriptEndpoint& owner, const RecordPtr& record, const QueuedEvent& event);
  void stop_on_network(EndpointId id, ScriptEndpoint& owner) noexcept;
  void hand_on_closes(ScriptEndpoint& owner, CloseCode code);
  void stop_silently();

  Network& network_;
  EventHandler& handler_;
  std::shared_ptr<Route> route_ = std::make_shared<Route>();
  std::shared_ptr<Outbox> outbox_ = std::make_shared<Outbox>();
  const std::shared_ptr<ScriptTimes> times_ = std::make_shared<ScriptTimes>();
  CallbackSample sample_;       // of those that no pass measures
  std::shared_ptr<void> look_;  // for what callbacks that take long have sent
  std::map<EndpointId, std::unique_ptr<ScriptEndpoint>> endpoints_;
  std::size_t expected_ = 0;        // of these, those that may bring events
  std::vector<RecordPtr> handled_;  // with events handled and not yet reported
  RecordPtr request_;            // whose http or upgrade event is being handled, and not answered
  bool delivering_ = false;      // a handler is under way
  bool serving_ = false;         // turns of the network are ours
  bool in_pass_ = false;         // what is asked is told to the network at the pass's end
  bool pass_ends_ = false;       // a handler has asked for it
  bool has_descriptor_ = false;  // somebody waits on it
  std::size_t direct_count_ = 0;
  std::atomic<bool> interrupted_{false};
};

}  // namespace simws::dispatch
