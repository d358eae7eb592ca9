#include "broker/edge_feed.h"

#include "base/thread.h"
#include "broker/edge_session.h"
#include "broker/name_bucket.h"
#include "protocol/broker/helper_words.h"
#include "protocol/broker/subject.h"
#include "protocol/topics/topic_name.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace simws::broker {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds least_pause{250};
constexpr milliseconds pause_anew{20};
constexpr milliseconds most_pause{4000};
constexpr milliseconds look_interval{1000};
constexpr milliseconds close_interval{100};  // in which a lost connection is seen
constexpr milliseconds most_round_trip{2000};

}  // namespace

// A thread keeps the connection and looks how all is; another one tells that, so that a handler
// that blocks doesn't hold up the former. That one also ends a connection for a new one, for which
// the former may wait until the broker answers.
class EdgeFeed::Impl {
 public:
  Impl(const BrokerOptions& options, std::string name, std::string edge, EdgeHandlers handlers)
      : options_(options),
        edge_(std::move(edge)),
        delivery_(std::move(name), std::move(handlers)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl();

  // Throws std::system_error.
  void begin();
  bool publish_in(const protocol::BrokerInbound& inbound, std::string_view data);
  void start_anew();
  const std::string& edge() const { return edge_; }

 private:
  void keep();
  void keep_connection(const std::shared_ptr<Connection>& connection);
  void look(Connection& connection, NameBucket& names, EdgeSession& session, EdgeStatus& status);
  void tell_statuses();
  void end_connection(std::unique_lock<std::mutex>& lock);
  bool take_anew();
  void tell(EdgeStatus status);
  // False: all ends.
  bool wait_until_told();
  void set_connection(std::shared_ptr<Connection> connection);
  // True: all ends.
  bool wait(milliseconds time);

  const BrokerOptions options_;
  const std::string edge_;
  EdgeDelivery delivery_;
  std::vector<std::string> known_servers_;  // the keeping thread's
  steady_clock::time_point held_since_;     // when the name's holder was last seen; the same's

  std::mutex mutex_;
  std::condition_variable ends_;
  std::condition_variable has_status_;
  bool is_ending_ = false;
  std::shared_ptr<Connection> connection_;  // null: there's none
  std::optional<EdgeStatus> status_;        // to be told
  bool is_telling_ = false;
  bool wants_anew_ = false;
  bool begins_anew_ = false;  // what ended has been asked to
  std::thread keeping_;
  std::thread telling_;
};

EdgeFeed::Impl::~Impl() {
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    connection = connection_;
  }
  if (connection) connection->close();  // whoever waits for it goes on
  ends_.notify_one();
  has_status_.notify_one();
  if (keeping_.joinable()) keeping_.join();
  if (telling_.joinable()) telling_.join();
}

void EdgeFeed::Impl::begin() {
  keeping_ = start_thread([this] { keep(); });
  telling_ = start_thread([this] { tell_statuses(); });
}

bool EdgeFeed::Impl::wait(milliseconds time) {
  std::unique_lock lock(mutex_);
  return ends_.wait_for(lock, time, [&] { return is_ending_; });
}

void EdgeFeed::Impl::tell(EdgeStatus status) {
  {
    const std::lock_guard lock(mutex_);
    status_ = std::move(status);
  }
  has_status_.notify_one();
}

void EdgeFeed::Impl::start_anew() {
  {
    const std::lock_guard lock(mutex_);
    wants_anew_ = true;
  }
  has_status_.notify_one();
}

void EdgeFeed::Impl::end_connection(std::unique_lock<std::mutex>& lock) {
  const std::shared_ptr<Connection> connection = connection_;
  begins_anew_ = connection != nullptr;
  lock.unlock();
  if (connection) connection->close();
  lock.lock();
}

bool EdgeFeed::Impl::take_anew() {
  const std::lock_guard lock(mutex_);
  return std::exchange(begins_anew_, false);
}

void EdgeFeed::Impl::tell_statuses() {
  while (true) {
    std::optional<EdgeStatus> status;
    {
      std::unique_lock lock(mutex_);
      has_status_.wait(lock, [&] { return is_ending_ || status_ || wants_anew_; });
      if (is_ending_) return;
      if (std::exchange(wants_anew_, false)) end_connection(lock);
      if (!status_) continue;
      status.swap(status_);
      is_telling_ = true;
    }
    delivery_.status(*status);
    {
      const std::lock_guard lock(mutex_);
      is_telling_ = false;
    }
    ends_.notify_one();
  }
}

bool EdgeFeed::Impl::wait_until_told() {
  std::unique_lock lock(mutex_);
  ends_.wait(lock, [&] { return is_ending_ || (!status_ && !is_telling_); });
  return !is_ending_;
}

void EdgeFeed::Impl::set_connection(std::shared_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  connection_.swap(connection);
}

void EdgeFeed::Impl::keep() {
  milliseconds pause = least_pause;
  while (!wait(milliseconds(0))) {
    auto opened = Connection::open(options_, "simws edge " + edge_ + " of " + delivery_.name(),
                                   known_servers_);
    EdgeStatus status;
    if (auto* const connection = std::get_if<std::unique_ptr<Connection>>(&opened)) {
      pause = least_pause;
      const std::shared_ptr<Connection> shared = std::move(*connection);
      keep_connection(shared);
      if (take_anew()) {
        status.problem = "more is published than the way from " + shared->server() + " takes";
        pause = pause_anew;
      } else {
        const std::string why = shared->complaint();
        status.problem =
            "the connection to " + shared->server() + " is lost" + (why.empty() ? "" : ": " + why);
      }
    } else {
      status.problem = std::get_if<ConnectFailure>(&opened)->text;
    }
    tell(std::move(status));
    if (wait(pause)) return;
    pause = std::clamp(pause * 2, least_pause, most_pause);
  }
}

void EdgeFeed::Impl::keep_connection(const std::shared_ptr<Connection>& connection) {
  EdgeSession session(connection, delivery_);
  NameBucket names(*connection);
  EdgeStatus status;
  look(*connection, names, session, status);
  tell(status);
  if (!wait_until_told()) return;
  set_connection(connection);
  try {
    session.start();
  } catch (const std::system_error&) {
    connection->close();
  }
  auto next = steady_clock::now() + look_interval;
  while (!connection->is_closed()) {
    if (steady_clock::now() >= next) {
      next = steady_clock::now() + look_interval;
      look(*connection, names, session, status);
      tell(status);
    }
    if (wait(close_interval)) break;
  }
  set_connection(nullptr);
}

void EdgeFeed::Impl::look(Connection& connection, NameBucket& names, EdgeSession& session,
                          EdgeStatus& status) {
  status.is_connected = true;
  status.server = connection.server();
  status.problem = session.look();
  status.round_trip = connection.round_trip(most_round_trip);
  const auto answer = names.holder(delivery_.name());
  if (const auto* const holder = std::get_if<Holder>(&answer)) {
    status.is_held = true;
    status.holder = protocol::shown(*holder);
    status.epoch = holder->epoch;
    status.topics = holder->topics;
    held_since_ = steady_clock::now();
    return;
  }
  const auto* const failure = std::get_if<JetStreamFailure>(&answer);
  if (failure && status.problem.empty()) status.problem = failure->text;
  // A holder that was there may still be, where nobody can tell.
  const bool may_be_held = failure && steady_clock::now() - held_since_ < names.time_to_live();
  if (may_be_held) return;
  status.is_held = false;
  status.holder.clear();
  status.epoch.clear();
  status.topics.clear();
}

bool EdgeFeed::Impl::publish_in(const protocol::BrokerInbound& inbound, std::string_view data) {
  std::shared_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    connection = connection_;
  }
  if (!connection) return false;
  const protocol::BrokerHeaders headers = protocol::headers_of(inbound);
  if (protocol::size_of(headers) + data.size() > connection->max_payload()) return false;
  if (connection->publish(protocol::inbound_subject(delivery_.name(), edge_), headers, data)) {
    return true;
  }
  connection->close();  // what couldn't go whole leaves nothing on it that makes sense
  return false;
}

EdgeFeed::EdgeFeed(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

EdgeFeed::~EdgeFeed() = default;

Result<std::unique_ptr<EdgeFeed>> EdgeFeed::start(const BrokerOptions& options, std::string name,
                                                  std::string edge, EdgeHandlers handlers) {
  if (auto checked = protocol::check_broker_name("name", name); !checked) {
    return std::move(checked).error();
  }
  if (auto checked = protocol::check_broker_name("edge", edge); !checked) {
    return std::move(checked).error();
  }
  if (auto servers = protocol::parse_servers(options.url); !servers)
    return std::move(servers).error();
  auto impl =
      std::make_unique<Impl>(options, std::move(name), std::move(edge), std::move(handlers));
  try {
    impl->begin();
  } catch (const std::system_error& failure) {
    return Error{ErrorCode::unavailable,
                 std::string("no thread for the broker: ") + failure.what()};
  }
  return std::unique_ptr<EdgeFeed>(new EdgeFeed(std::move(impl)));
}

void EdgeFeed::start_anew() {
  impl_->start_anew();
}

bool EdgeFeed::publish_in(std::string_view viewer_json, std::string_view topic,
                          std::string_view data, Opcode opcode) {
  auto viewer = protocol::parse_viewer(viewer_json, impl_->edge());
  if (!viewer || !protocol::check_topic(topic)) return false;
  return impl_->publish_in({std::move(*viewer), std::string(topic), opcode}, data);
}

}  // namespace simws::broker
