// A server's inside: its listeners, its connections, its limits. It outlives its Server object
// until the last connection has sent what was queued.
#pragma once

#include "endpoint/accepted_connection.h"
#include "endpoint/broker_feed.h"
#include "endpoint/channel_group.h"
#include "endpoint/core.h"
#include "endpoint/file_mounts.h"
#include "endpoint/handshake_rate.h"
#include "endpoint/http_serving.h"
#include "endpoint/inspector.h"
#include "endpoint/recordings.h"
#include "endpoint/tls_entrance.h"
#include "endpoint/topics.h"
#include "transport/loop.h"

#include <simws/server.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::endpoint {

class ServerCore final : public Core, private TurnEndWork {
 public:
  ServerCore(TurnEnd& turn_end, ServerOptions options, ServerHandlers handlers);
  ~ServerCore() override;

  Result<void> listen(int port);
  // Frees the port and ends the application's view of all connections; with `tell`, close handlers
  // are called.
  void stop(bool tell);

  Result<std::size_t> broadcast(std::string_view data, Opcode opcode,
                                const std::function<bool(Connection&)>& filter,
                                BroadcastOptions options = {});
  Result<bool> subscribe(Connection& connection, std::string_view topic,
                         const SubscriptionOptions& options);
  Result<bool> unsubscribe(Connection& connection, std::string_view topic);
  Result<std::size_t> publish(std::string_view topic, std::string_view data, Opcode opcode,
                              const PublishOptions& options);
  Result<void> set_topic(std::string_view topic, const TopicOptions& options);
  void publish(const protocol::PublicationPtr& publication) noexcept;
  Result<void> forget_retained(std::string_view epoch,
                               const std::function<bool(const RetainedInfo&)>& is_over);
  void set_stale(bool is_stale, std::string_view reason);
  void apply_topic(std::string_view topic, const TopicOptions& options) noexcept;
  Topics& topics() { return topics_; }
  Result<void> start_recording(RecordingFile file);
  Result<RecordingInfo> stop_recording();
  void record_broadcast(const protocol::SharedMessage& message) noexcept;
  const Topics& topics() const { return topics_; }
  // Null: there's no broker.
  const BrokerFeed* broker() const { return broker_.get(); }

  std::vector<Connection*> connections();
  ServerInfo info() const;
  Result<void> serve_files(std::string_view prefix, const ServedFolder& folder,
                           FileOptions options) {
    return files_.set(prefix, folder, std::move(options));
  }

  // For connections.
  ChannelGroup& group() { return group_; }
  transport::Loop& loop() { return group_.loop(); }
  const ServerOptions& options() const { return options_; }
  const ServerHandlers& handlers() const { return handlers_; }
  const ServerHandlers& no_handlers() const { return no_handlers_; }
  // Null: there's none.
  Inspector* inspector() const { return inspector_.get(); }
  bool is_for_inspector(const RequestHead& request) const;
  const HttpRules& http_rules() const { return http_rules_; }
  Counters& counters() { return group_.counters(); }
  // Null: nothing is recorded.
  Recording* active_recording() const { return recordings_.active(); }
  ServerFigures& figures() { return figures_; }
  bool is_stopped() const { return group_.ends(); }
  void log(LogLevel level, std::string_view line) const noexcept { group_.log(level, line); }

  // Closes those connections in which most waits, until so much more may wait. False: it may not.
  bool make_room(std::size_t bytes) noexcept;

  void moved_to_open(AcceptedConnection& connection) noexcept;
  void moved_to_ending(AcceptedConnection& connection) noexcept;
  // The limits of an address hold for the client that a trusted proxy asks for: counts the
  // connection there, and once more with each attempt at WebSocket. May not be called for those
  // refused.
  Admission admit_client(AcceptedConnection& connection, const transport::Address& client,
                         bool is_attempt);
  // Destroys the connection at the end of the turn.
  void retire(AcceptedConnection& connection) noexcept;

 private:
  using ConnectionList = OwningList<AcceptedConnection>;

  Result<void> make_tls();
  Result<void> read_proxies();
  Result<void> add_services();
  Result<void> listen_on_host(int port);
  Result<void> listen_on_both(const std::string& ipv4, const std::string& ipv6, int port);
  Result<void> add_listener(const std::string& ip, int port);
  std::string describe_listening() const;
  void start_broker() noexcept;
  std::string describe_token() const;
  std::string describe_networks() const;
  void note_shortage(transport::Shortage shortage);
  void accept(std::unique_ptr<transport::Stream> stream);
  Admission judge(const transport::Address& address);
  bool is_trusted_proxy(const transport::Address& address) const;
  bool is_address_full(const transport::Address& address) const;
  void count_for_address(AcceptedConnection& connection, const transport::Address& address);
  void turn_away(const transport::Address& address);
  void add(std::unique_ptr<transport::Stream> stream, Admission admission);
  void begin_recording(Recording& recording);
  std::vector<AcceptedConnection*> by_waiting_bytes();
  void tell_inspector_of_end(const AcceptedConnection& connection) noexcept;
  void count_viewers() noexcept;
  bool is_finished() override;
  void end_turn() override;
  void forget_address(const transport::Address& address);

  const ServerOptions options_;
  const std::string epoch_;  // of publications; empty: they have none
  const ServerHandlers handlers_;
  const ServerHandlers no_handlers_{};
  FileMounts files_;
  HttpRules http_rules_;
  Deadlines deadlines_;
  const ReadingLimits reading_;
  ServerFigures figures_;
  ChannelGroup group_;
  Recordings recordings_;
  protocol::SharedMessages shared_messages_;
  Topics topics_;                         // outlives the connections
  std::unique_ptr<BrokerFeed> broker_;    // null: there's none
  std::unique_ptr<Inspector> inspector_;  // so does this; null: there's none
  std::unique_ptr<TlsEntrance> tls_;      // null: plain
  std::vector<std::unique_ptr<transport::Listener>> listeners_;
  std::size_t short_listeners_ = 0;  // whose connections wait for descriptors or memory
  int port_ = 0;
  HandshakeRate rate_;
  Time started_;

  ConnectionList arriving_;    // serving HTTP
  ConnectionList open_;        // in the order they opened
  ConnectionList inspecting_;  // open too, the inspector's
  ConnectionList ending_;      // nothing is told of them any more
  std::size_t count_ = 0;      // of all these
  std::size_t refusing_ = 0;   // of these, those that get 503 whatever they ask
  std::map<std::array<std::uint8_t, 16>, std::size_t> per_address_;  // when there's a limit

  ConnectionList retired_;  // until the end of the turn
};

}  // namespace simws::endpoint
