// A server's inside: its listeners, its connections, its limits. It outlives its Server object
// until the last connection has sent what was queued.
#pragma once

#include "base/log.h"
#include "endpoint/connection.h"
#include "endpoint/counters.h"
#include "endpoint/deadlines.h"
#include "endpoint/pending_budget.h"
#include "protocol/opening_handshake.h"
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

class ServerCore final : private PendingGate {
 public:
  ServerCore(transport::Loop& loop, ServerOptions options, ServerHandlers handlers);
  ~ServerCore();

  Result<void> listen(int port);
  // Frees the port and ends the application's view of all connections; with `tell`, close handlers
  // are called.
  void stop(bool tell);
  // Calls `task` once, when the last connection of the stopped server has ended.
  void on_finished(transport::Task task);

  Result<std::size_t> broadcast(std::string_view data, Opcode opcode,
                                const std::function<bool(Connection&)>& filter);
  std::vector<Connection*> connections();
  ServerInfo info() const;

  // For connections.
  transport::Loop& loop() { return loop_; }
  const ServerOptions& options() const { return options_; }
  const ServerHandlers& handlers() const { return handlers_; }
  const protocol::HandshakeRules& rules() const { return rules_; }
  Counters& counters() { return counters_; }
  Deadlines& deadlines() { return deadlines_; }
  PendingBudget& pending() { return pending_; }
  bool is_stopped() const { return stopped_; }
  void log(LogLevel level, std::string_view line) const { options_.logger(level, line); }

  // Calls a handler, if there is one; what it throws is logged. False: it threw.
  template <typename Handler, typename... Arguments>
  bool call(const char* name, const Handler& handler, Arguments&&... arguments);

  void flush_at_end_of_turn(ServerConnection& connection);
  void moved_to_open(ServerConnection& connection) { move_to(open_, connection); }
  void moved_to_ending(ServerConnection& connection) { move_to(ending_, connection); }
  // Destroys the connection at the end of the turn.
  void retire(ServerConnection& connection);

  std::unique_ptr<OutputQueue> take_queue();
  void give_back(std::unique_ptr<OutputQueue> queue);

 private:
  // PendingGate
  void set_over_share(PendingSource& source, bool over) override;
  void set_gate(bool closed, PendingSource* exception) override;
  PendingSource* find_oldest_unfinished() override;

  Result<void> listen_on_both(const std::string& ipv4, const std::string& ipv6, int port);
  Result<void> add_listener(const std::string& ip, int port);
  std::string describe_listening() const;
  void note_shortage(transport::Shortage shortage);
  void accept(std::unique_ptr<transport::Stream> stream);
  bool is_full(const transport::Address& address);
  void move_to(ConnectionList& list, ServerConnection& connection);
  void give_up_awaited();
  void tell_finished();
  void end_turn();
  void flush(std::size_t first, std::size_t count);
  void forget_address(const transport::Address& address);
  template <typename Visitor>
  void for_each_connection(Visitor&& visit);

  transport::Loop& loop_;
  const ServerOptions options_;
  const ServerHandlers handlers_;
  const protocol::HandshakeRules rules_;
  Counters counters_;
  Deadlines deadlines_;
  PendingBudget pending_;
  ServerConnection* awaited_ = nullptr;  // whose message the others wait for, the gate being closed
  std::unique_ptr<transport::Timer> awaited_timer_;
  std::vector<std::unique_ptr<transport::Listener>> listeners_;
  std::size_t short_listeners_ = 0;  // whose connections wait for descriptors or memory
  int port_ = 0;
  Time started_;

  ConnectionList arriving_;   // serving HTTP
  ConnectionList open_;       // in the order they opened
  ConnectionList ending_;     // nothing is told of them any more
  std::size_t count_ = 0;     // of all three
  std::size_t refusing_ = 0;  // of these, those that get 503 whatever they ask
  std::map<std::array<std::uint8_t, 16>, std::size_t> per_address_;  // when there's a limit

  std::vector<ServerConnection*> dirty_;
  std::vector<transport::Write> writes_;    // of a flush under way
  std::vector<ServerConnection*> writers_;  // in their order
  std::vector<std::unique_ptr<ServerConnection>> retired_;
  std::vector<std::unique_ptr<OutputQueue>> spare_queues_;
  transport::Task on_finished_;
  int end_of_turn_ = 0;
  bool stopped_ = false;
};

template <typename Handler, typename... Arguments>
bool ServerCore::call(const char* name, const Handler& handler, Arguments&&... arguments) {
  if (!handler) return true;
  try {
    handler(std::forward<Arguments>(arguments)...);
    return true;
  } catch (...) {
    log(LogLevel::error, std::string(name) + " handler threw: " + thrown_words());
    return false;
  }
}

}  // namespace simws::endpoint
