// Serves one simulation's topics, as they come from a broker, to the viewers of a server.
#pragma once

#include "host/commands/edge/backlog.h"
#include "host/commands/edge/counted_line.h"
#include "host/commands/edge/edge_intake.h"
#include "host/commands/edge/edge_topics.h"
#include "host/commands/edge/feed_link.h"
#include "host/commands/edge/simulation_clock.h"
#include "host/commands/edge/way_back.h"
#include "protocol/broker/freshness.h"

#include <simws/log.h>
#include <simws/server.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace simws::host {

// Belongs to the loop's thread.
class EdgeRelay {
 public:
  struct Limits {
    std::size_t incoming = 64u << 20;  // what has come from the broker waits up to so many bytes
    std::size_t outgoing = 16u << 20;  // what viewers publish
    Seconds until_told{1};             // how it is must have lasted so long to be logged
  };

  // `name`: the simulation's.
  EdgeRelay(std::string name, Logger log, EdgeTopics topics, Limits limits);
  EdgeRelay(std::string name, Logger log, EdgeTopics topics = {})
      : EdgeRelay(std::move(name), std::move(log), std::move(topics), Limits()) {}
  EdgeRelay(const EdgeRelay&) = delete;
  EdgeRelay& operator=(const EdgeRelay&) = delete;
  ~EdgeRelay();

  ServerHandlers handlers();
  // Topics are set as they're without the simulation. Viewers get what is old from here on, until
  // the feed says that it's new. REQUIRES: both outlive it, or `detach`.
  Result<void> attach(Server& server, EventLoop& loop, const StartFeed& start);
  // The feed ends, and nothing more goes to the server.
  void detach();

 private:
  void open(Connection& connection);
  void send_back(Connection& connection, std::string_view topic, std::string_view data,
                 Opcode opcode);
  void watch_losses();

  void wake();
  void drain();
  void drain_later();
  void handle(const broker::EdgeMessage& message);
  void handle(EdgeIntake::Reading);
  void handle(EdgeIntake::CaughtUp);
  void handle(const broker::EdgeStatus& status);
  bool is_of_another_start(const broker::EdgeMessage& message) const;
  void publish(const broker::EdgeMessage& message);
  void set_topics(const std::string& settings);
  void note_time(const broker::EdgeMessage& message);
  void forget(const std::function<bool(const RetainedInfo&)>& is_over);
  void begin_epoch(bool is_first);
  void note_state();
  void tell_state();
  CountedLine counted_line(const char* what);

  const std::string name_;
  const Logger log_;
  const Limits limits_;
  EdgeTopics topics_;
  std::string settings_;      // of the simulation's, as they were told last
  Server* server_ = nullptr;  // null: not attached
  EventLoop* loop_ = nullptr;
  // What the loop is asked to do finds it here, as long as it's attached.
  const std::shared_ptr<EdgeRelay*> self_ = std::make_shared<EdgeRelay*>(nullptr);
  std::shared_ptr<EdgeIntake> intake_;
  std::unique_ptr<FeedLink> feed_;
  std::unique_ptr<WayBack> way_back_;
  protocol::Freshness freshness_;
  SimulationClock clock_;
  Backlog backlog_;
  std::deque<EdgeIntake::Item> taken_;  // of what the feed brings, not handled yet
  bool has_more_ = false;               // in the intake
  bool will_drain_ = false;
  broker::EdgeStatus status_;
  bool is_reading_ = false;
  bool is_caught_up_ = false;                 // and doesn't read
  std::unordered_set<std::string> kept_;      // until then: topics and keys that are retained
  std::unordered_set<std::string> left_out_;  // epochs of which something was, since it began
  std::string told_;                          // how it was, in the log
  bool will_tell_ = false;
  std::optional<CountedLine> refused_;
  std::optional<CountedLine> not_kept_;
  std::optional<CountedLine> lost_;
  bool watches_losses_ = false;
  std::unordered_map<const Connection*, std::uint64_t> numbers_;  // of the open connections
  std::uint64_t connections_ = 0;                                 // until now
};

}  // namespace simws::host
