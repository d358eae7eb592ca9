#include "broker/helper/keeper.h"

#include "base/fresh_name.h"
#include "base/random.h"
#include "base/thread.h"
#include "broker/retained_stream.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace simws::broker {

namespace {

using protocol::helper_word::State;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds least_pause{250};
constexpr milliseconds most_pause{4000};
constexpr milliseconds least_storing_pause{2000};
constexpr milliseconds most_storing_pause{60'000};
constexpr milliseconds renewal{2000};
constexpr milliseconds look_interval{100};  // whether the connection is still there
constexpr milliseconds last_flush{2000};

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

BrokerOptions options_of(const protocol::helper_word::Start& start) {
  BrokerOptions options;
  options.url = start.url;
  options.credentials = start.credentials;
  options.ca = start.ca;
  options.certificate = start.certificate;
  options.private_key = start.private_key;
  return options;
}

std::string loss_of(Connection& connection) {
  const std::string why = connection.complaint();
  return "the connection to " + connection.server() + " is lost" + (why.empty() ? "" : ": " + why);
}

// Helpers that lost the same broker don't come back at once.
milliseconds with_jitter(milliseconds pause) {
  std::array<std::byte, 1> byte{};
  SystemRandom().fill(byte);
  return pause * (192 + std::to_integer<int>(byte[0]) / 2) / 256;
}

}  // namespace

Keeper::Keeper(protocol::helper_word::Start start, Output& output)
    : start_(std::move(start)),
      options_(options_of(start_)),
      output_(output),
      ours_{start_.epoch, start_.address, machine_name(), {}},
      pause_(least_pause),
      storing_pause_(least_storing_pause) {
  thread_ = start_thread([this] { keep(); });
}

Keeper::~Keeper() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  ends_.notify_one();
  thread_.join();
}

std::shared_ptr<Session> Keeper::session() const {
  const std::lock_guard lock(mutex_);
  return session_;
}

void Keeper::set_session(std::shared_ptr<Session> session) {
  const std::lock_guard lock(mutex_);
  session_.swap(session);
}

void Keeper::set_topics(std::string topics) {
  const std::lock_guard lock(mutex_);
  has_new_topics_ |= topics != topics_;
  topics_ = std::move(topics);
}

bool Keeper::has_new_topics() const {
  const std::lock_guard lock(mutex_);
  return has_new_topics_;
}

std::variant<Holder, JetStreamFailure> Keeper::hold(NameBucket& names) {
  {
    const std::lock_guard lock(mutex_);
    ours_.topics = topics_;
    has_new_topics_ = false;
  }
  return names.hold(start_.name, ours_);
}

bool Keeper::wait(milliseconds time) {
  std::unique_lock lock(mutex_);
  return ends_.wait_for(lock, time, [&] { return is_ending_; });
}

void Keeper::keep() {
  output_.state(State::Kind::connecting, "");
  while (!wait(milliseconds(0))) {
    auto opened = Connection::open(options_, "simws " + start_.name, known_servers_);
    if (auto* const connection = std::get_if<std::unique_ptr<Connection>>(&opened)) {
      pause_ = least_pause;
      keep_connection(std::move(*connection));
    } else {
      connect_failed(*std::get_if<ConnectFailure>(&opened));
    }
    if (wait(with_jitter(pause_))) return;
    pause_ = std::min(pause_ * 2, most_pause);
  }
}

void Keeper::connect_failed(const ConnectFailure& failure) {
  output_.state(failure.is_of_options ? State::Kind::error : State::Kind::connecting, failure.text);
}

void Keeper::keep_connection(std::unique_ptr<Connection> connection) {
  NameBucket names(*connection);
  if (!take_name(*connection, names)) {
    if (!wait(milliseconds(0))) output_.state(State::Kind::connecting, loss_of(*connection));
    return;
  }
  std::optional<std::uint64_t> stored;
  if (storing_problem_.empty()) stored = begin_storing(*connection);
  serve(names, std::make_shared<Session>(std::move(connection), output_, start_.name, ours_.epoch,
                                         stored));
}

bool Keeper::take_name(Connection& connection, NameBucket& names) {
  while (!connection.is_closed()) {
    const auto answer = hold(names);
    const auto* const holder = std::get_if<Holder>(&answer);
    storing_problem_ = holder ? "" : std::get_if<JetStreamFailure>(&answer)->text;
    if (!holder || holder->epoch == ours_.epoch) return !connection.is_closed();
    begin_anew();
    output_.state(State::Kind::held, protocol::shown(*holder));
    if (wait(period(names))) return false;
  }
  return false;
}

// To who has heard of another holder the epoch of before is over.
void Keeper::begin_anew() {
  if (std::exchange(has_served_, false)) ours_.epoch = fresh_name();
}

std::optional<std::uint64_t> Keeper::begin_storing(Connection& connection) {
  const JetStream jet_stream = connection.jet_stream();
  const auto begun = jet_stream ? begin_retained_stream(jet_stream.get(), start_.name, ours_.epoch)
                                : JetStreamFailure{"out of memory"};
  const auto* const failure = std::get_if<JetStreamFailure>(&begun);
  storing_problem_ = failure ? failure->text : "";
  if (failure) return std::nullopt;
  return std::get<std::uint64_t>(begun);
}

milliseconds Keeper::period(const NameBucket& names) const {
  return std::min(renewal, names.time_to_live() / 3);
}

void Keeper::serve(NameBucket& names, std::shared_ptr<Session> session) {
  const auto begin = steady_clock::now();
  if (!storing_problem_.empty()) note_storing_failure();
  has_served_ = true;
  set_session(session);
  output_.state(State::Kind::open, session->connection().server());
  output_.problem(storing_problem_);
  auto next = begin + period(names);
  std::string why;
  while (!session->connection().is_closed()) {
    if (wait(look_interval)) return finish(names, *session);
    if (steady_clock::now() < next && !has_new_topics()) continue;
    if (!renew(names, *session)) {
      why = "somebody else has taken the name " + start_.name;
      begin_anew();
      break;
    }
    if (storing_may_work(*session)) {
      why = "what is retained is stored anew";
      break;
    }
    next = steady_clock::now() + period(names);
  }
  if (storing_problem_.empty() && steady_clock::now() - begin > most_storing_pause) {
    storing_pause_ = least_storing_pause;
  }
  set_session(nullptr);
  output_.state(State::Kind::connecting, why.empty() ? loss_of(session->connection()) : why);
}

bool Keeper::renew(NameBucket& names, Session& session) {
  const auto answer = hold(names);
  std::string problem = session.problem();
  if (const auto* holder = std::get_if<Holder>(&answer)) {
    if (holder->epoch != ours_.epoch) return false;
  } else if (storing_problem_.empty() && problem.empty()) {
    problem = "the name can't be renewed: " + std::get_if<JetStreamFailure>(&answer)->text;
  }
  if (const std::string failure = session.storing_failure();
      storing_problem_.empty() && !failure.empty()) {
    storing_problem_ = "what is retained isn't stored: " + failure;
    note_storing_failure();
  }
  if (!session.connection().is_closed()) {
    output_.problem(problem.empty() ? storing_problem_ : problem);
  }
  return true;
}

void Keeper::note_storing_failure() {
  storing_retry_ = steady_clock::now() + storing_pause_;
  storing_pause_ = std::min(storing_pause_ * 2, most_storing_pause);
}

bool Keeper::storing_may_work(Session& session) {
  if (storing_problem_.empty() || steady_clock::now() < storing_retry_) return false;
  if (begin_storing(session.connection())) return true;
  note_storing_failure();
  return false;
}

void Keeper::finish(NameBucket& names, Session& session) {
  (void)session.connection().flush(last_flush);
  if (!session.connection().is_closed()) names.release(start_.name);
}

}  // namespace simws::broker
