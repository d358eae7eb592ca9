// Keeps the helper connected to the broker, and the simulation's name its own, as long as can be.
#pragma once

#include "broker/helper/output.h"
#include "broker/helper/session.h"
#include "broker/name_bucket.h"
#include "protocol/broker/helper_words.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace simws::broker {

// Works on a thread of its own, which tells the server each change.
class Keeper {
 public:
  Keeper(protocol::helper_word::Start start, Output& output);
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  // Flushes what was published, gives the name back, and waits for that for some seconds at most.
  ~Keeper();

  // Null: there's none now.
  std::shared_ptr<Session> session() const;
  // What is set for topics, for edges to read beside the name.
  void set_topics(std::string topics);

 private:
  void keep();
  void keep_connection(std::unique_ptr<Connection> connection);
  // Waits while somebody else has the name. False: the connection is lost, or all ends.
  bool take_name(Connection& connection, NameBucket& names);
  std::variant<Holder, JetStreamFailure> hold(NameBucket& names);
  bool has_new_topics() const;
  void begin_anew();
  void serve(NameBucket& names, std::shared_ptr<Session> session);
  std::optional<std::uint64_t> begin_storing(Connection& connection);
  // False: somebody else has the name.
  bool renew(NameBucket& names, Session& session);
  bool storing_may_work(Session& session);
  void note_storing_failure();
  void finish(NameBucket& names, Session& session);
  void set_session(std::shared_ptr<Session> session);
  std::chrono::milliseconds period(const NameBucket& names) const;
  // True: all ends.
  bool wait(std::chrono::milliseconds time);
  void connect_failed(const ConnectFailure& failure);

  const protocol::helper_word::Start start_;
  const BrokerOptions options_;
  Output& output_;

  // The thread's.
  Holder ours_;
  bool has_served_ = false;  // by that epoch
  std::vector<std::string> known_servers_;
  std::chrono::milliseconds pause_;
  std::string storing_problem_;  // empty: what is retained is stored
  std::chrono::milliseconds storing_pause_;
  std::chrono::steady_clock::time_point storing_retry_;

  mutable std::mutex mutex_;
  std::condition_variable ends_;
  bool is_ending_ = false;
  std::string topics_;  // what is set for them
  bool has_new_topics_ = false;
  std::shared_ptr<Session> session_;
  std::thread thread_;
};

}  // namespace simws::broker
