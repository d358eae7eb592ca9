// A connection to a NATS server. Once it's lost it stays so: who wants another one opens it, and
// nothing that couldn't go is sent later.
#pragma once

#include "broker/nats_handles.h"
#include "protocol/broker/broker_message.h"
#include "protocol/broker/server_list.h"

#include <simws/broker.h>
#include <simws/result.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace simws::broker {

using Seconds = std::chrono::duration<double>;

struct ConnectFailure {
  std::string text;            // for people: what happened, and what to do
  bool is_of_options = false;  // it won't go away by itself: who we are, certificates, files
};

// Any thread may call what it has, until it's destroyed.
class Connection {
 public:
  // Waits until it's there, or not. `known` are servers of which an earlier connection heard; those
  // of this one are added. `title` is what the server's own lists show of us.
  static std::variant<std::unique_ptr<Connection>, ConnectFailure> open(
      const BrokerOptions& options, const std::string& title, std::vector<std::string>& known);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(); }

  // Ends all that waits in its functions.
  void close();
  bool is_closed() const { return natsConnection_IsClosed(nats_.get()); }

  const std::string& server() const { return server_; }  // for people
  std::size_t max_payload() const;

  // Blocks while the system takes nothing, two seconds at most. `reply` may be empty. False: it's
  // lost, or the message is over max_payload.
  bool publish(const std::string& subject, const protocol::BrokerHeaders& headers,
               std::string_view data, const std::string& reply = {});
  // All that was published before is with the server.
  bool flush(std::chrono::milliseconds most);
  std::optional<Seconds> round_trip(std::chrono::milliseconds most);

  // For NextMsg; messages over `most_bytes` that wait are dropped. Null: it's lost.
  NatsSubscription subscribe(const std::string& subject, std::size_t most_bytes);
  // Its functions wait for two seconds. Null: out of memory.
  JetStream jet_stream();

  // What the server has refused, or why it's lost; empty: nothing.
  std::string complaint();

 private:
  using Handle = std::unique_ptr<natsConnection, FreedBy<natsConnection_Destroy>>;
  Connection(Handle nats, std::vector<std::string>& known);
  void learn_of_servers(std::vector<std::string>& known);

  const Handle nats_;
  std::string server_;
};

// Its headers that we know of, and its data; both as long as the message.
protocol::BrokerHeaders headers_of(natsMsg* message);
std::string_view data_of(const natsMsg* message);

}  // namespace simws::broker
