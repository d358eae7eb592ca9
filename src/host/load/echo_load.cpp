#include "host/load/echo_load.h"

#include "host/load/deflate_checker.h"
#include "host/load/door.h"
#include "host/load/echo_checker.h"
#include "host/load/failure.h"
#include "host/load/meter.h"
#include "host/load/opening.h"
#include "host/load/poller.h"
#include "host/load/text.h"
#include "transport/send_ring.h"

#include <fcntl.h>

#include <algorithm>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace simws::load {
namespace {

using transport::Sending;
using transport::SendRing;

constexpr std::size_t read_size = 256u << 10;
constexpr std::size_t least_warm_up = 2;  // batches of each, before memory is in a steady state
constexpr int least_window_bits = 9;      // that zlib can keep to

std::string what_it_is_for(EchoKind kind) {
  return kind == EchoKind::echo ? for_echoing_servers : for_passing_servers;
}

struct Peer {
  explicit Peer(Connection made) : connection(std::move(made)) {}

  Connection connection;
  std::unique_ptr<Checker> checker;
  std::string early;           // what came with the handshake's answer
  std::size_t to_come_back{};  // messages of the batch under way
  double sent_at = 0;          // that batch
  bool is_due = false;         // has something to send in this turn
};

// Cheap for its own processor, which must not be what limits the server: a turn receives all that
// has come, then sends all that's due in one call to the system.
class EchoLoad {
 public:
  EchoLoad(const LoadOptions& options, EchoKind kind)
      : options_(options), kind_(kind), meter_(options.server), buffer_(read_size) {}

  // False: the server doesn't compress.
  bool connect_all();
  // All clients come.
  void let_all_in();
  Report run();

 private:
  void add(Connection connection, std::string early);
  void prepare();
  std::unique_ptr<Checker> make_checker() const;
  void start_all();
  void start(Peer& peer);
  void expect(Peer& peer);
  void send_batch(Peer& peer);
  void finish(Peer& peer);
  void make_due(Peer& peer);
  void send_all();
  void note_sent(Peer& peer, const Sending& sending);
  void receive(Peer& peer);
  void take(Peer& peer, std::string_view bytes);
  void turn();
  Reading run_until(double time, std::uint64_t messages);

  const LoadOptions& options_;
  EchoKind kind_;
  Meter meter_;
  Batch batch_;
  int window_bits_ = protocol::max_window_bits;
  std::vector<char> buffer_;
  Poller poller_;
  std::vector<Peer> peers_;
  std::vector<Peer*> due_;  // with something to send
  std::vector<Sending> sendings_;
  SendRing ring_;
  Histogram times_;
  bool is_measuring_ = false;
  double time_ = 0;  // when what this turn handles came
  std::uint64_t messages_ = 0;
  std::uint64_t finished_ = 0;  // batches that came back to all who wait for them
  std::size_t busy_ = 0;        // connections with a batch under way
  bool refill_ = true;
};

bool EchoLoad::connect_all() {
  Target target(options_);
  peers_.reserve(options_.connections);
  while (peers_.size() < options_.connections) {
    auto [connection, opening] = open_connection(target);
    if (opening.deflate.has_value() != options_.deflate) return false;
    if (opening.deflate) window_bits_ = std::min(window_bits_, opening.deflate->client_window_bits);
    add(std::move(connection), std::move(opening.early));
  }
  if (window_bits_ < least_window_bits) give_up("the server asks for a window of 256 bytes");
  return true;
}

void EchoLoad::let_all_in() {
  peers_.reserve(options_.connections);
  while (peers_.size() < options_.connections) {
    transport::Socket socket(options_.door->let_in());
    fcntl(socket.descriptor(), F_SETFL, O_NONBLOCK);
    add(Connection(std::move(socket), nullptr), {});
  }
}

void EchoLoad::add(Connection connection, std::string early) {
  Peer& peer = peers_.emplace_back(std::move(connection));
  peer.early = std::move(early);
  poller_.add(peer.connection.descriptor(), &peer);
}

void EchoLoad::prepare() {
  const Sender sender = options_.door ? Sender::server : Sender::client;
  const auto& [size, pipeline, payload] =
      std::tie(options_.size, options_.pipeline, options_.payload);
  batch_ = options_.raw       ? make_raw_batch(size, pipeline)
           : options_.deflate ? make_deflated_batch(size, pipeline, payload, window_bits_)
                              : make_batch(size, pipeline, payload, sender);
  for (Peer& peer : peers_) {
    peer.checker = make_checker();
    if (!peer.early.empty()) take(peer, std::exchange(peer.early, {}));
  }
}

std::unique_ptr<Checker> EchoLoad::make_checker() const {
  if (options_.deflate) return std::make_unique<DeflateChecker>(batch_, options_.in_context);
  const Sender sender = options_.door ? Sender::client : Sender::server;
  return std::make_unique<EchoChecker>(batch_, !options_.raw, sender);
}

void EchoLoad::start_all() {
  for (Peer& peer : peers_) expect(peer);
  if (kind_ == EchoKind::fan_out) return send_batch(peers_.front());
  for (Peer& peer : peers_) send_batch(peer);
}

// The next batch of a connection of which all came back.
void EchoLoad::start(Peer& peer) {
  expect(peer);
  send_batch(peer);
}

void EchoLoad::expect(Peer& peer) {
  ++busy_;
  peer.to_come_back = batch_.messages.size();
}

void EchoLoad::send_batch(Peer& peer) {
  peer.connection.queue(batch_.wire);
  make_due(peer);
  if (kind_ == EchoKind::echo) {
    peer.sent_at = time_;
  } else {
    for (Peer& each : peers_) each.sent_at = time_;
  }
}

void EchoLoad::make_due(Peer& peer) {
  if (!std::exchange(peer.is_due, true)) due_.push_back(&peer);
}

void EchoLoad::send_all() {
  sendings_.clear();
  for (Peer* const peer : due_) {
    Connection& connection = peer->connection;
    sendings_.push_back({&connection.socket(), as_bytes(connection.unsent()), {}});
  }
  ring_.send(sendings_);
  for (std::size_t i = 0; i < due_.size(); ++i) note_sent(*due_[i], sendings_[i]);
  due_.clear();
}

void EchoLoad::note_sent(Peer& peer, const Sending& sending) {
  peer.is_due = false;
  peer.connection.note_sent(sending.transfer);
  peer.connection.watch_sending(poller_, &peer);
}

void EchoLoad::receive(Peer& peer) {
  const auto received =
      peer.connection.receive(buffer_, [&](std::string_view bytes) { take(peer, bytes); });
  if (received == Connection::Received::end) {
    give_up("the server ended a connection" + what_it_is_for(kind_));
  }
  if (!peer.connection.unsent().empty()) make_due(peer);  // a pong
}

void EchoLoad::take(Peer& peer, std::string_view bytes) {
  const std::size_t completed = peer.checker->consume(bytes);
  if (peer.checker->has_pongs()) peer.connection.queue_copy(peer.checker->take_pongs());
  if (!peer.checker->error().empty()) give_up(peer.checker->error() + what_it_is_for(kind_));
  if (completed > peer.to_come_back) {
    give_up("more messages came back than were sent" + what_it_is_for(kind_));
  }
  messages_ += completed;
  peer.to_come_back -= completed;
  if (peer.to_come_back == 0 && completed > 0) finish(peer);
}

void EchoLoad::finish(Peer& peer) {
  --busy_;
  if (is_measuring_) times_.add(time_ - peer.sent_at);
  const bool is_fan_out = kind_ == EchoKind::fan_out;
  if (is_fan_out && busy_ > 0) return;
  ++finished_;
  if (!refill_) return;
  is_fan_out ? start_all() : start(peer);
}

void EchoLoad::turn() {
  const auto events = poller_.wait(options_.patience);
  time_ = now();
  if (events.empty() && !options_.is_ended()) {
    give_up("nothing came back in time" + what_it_is_for(kind_));
  }
  for (const epoll_event& event : events) {
    Peer& peer = *static_cast<Peer*>(event.data.ptr);
    if (event.events & EPOLLOUT) make_due(peer);
    if (event.events & ~EPOLLOUT) receive(peer);
  }
  send_all();
}

// Up to the end of a batch, so that a reading holds whole messages, however long one takes; of one
// at least.
Reading EchoLoad::run_until(double time, std::uint64_t messages) {
  std::uint64_t finished = 0;
  do {
    finished = finished_;
    turn();
  } while (!options_.is_ended() &&
           (finished_ == finished || (now() < time && (messages == 0 || messages_ < messages))));
  return meter_.read();
}

Report EchoLoad::run() {
  prepare();
  time_ = now();
  start_all();
  send_all();
  const std::size_t senders = kind_ == EchoKind::fan_out ? 1 : peers_.size();
  while (finished_ < least_warm_up * senders && !options_.is_ended()) turn();
  const Reading begin = run_until(now() + options_.warm_up, 0);
  is_measuring_ = true;
  const std::uint64_t before = messages_;
  const std::uint64_t limit = options_.messages ? before + options_.messages : 0;
  const Reading end = run_until(begin.time + options_.seconds, limit);
  const std::uint64_t after = messages_;
  is_measuring_ = false;
  refill_ = false;
  while (busy_ > 0 && !options_.is_ended()) turn();
  Report report{meter_.figures(begin, end, after - before), std::move(times_), "round trip"};
  report.figures.emplace_back("deflate", options_.deflate);
  if (options_.deflate) {
    std::uint64_t compressed = 0;
    for (const Peer& peer : peers_) compressed += peer.checker->compressed();
    note_compressed(report, compressed);
  }
  append_percentiles(report.figures, report.times, "", "us", 1e6);
  return report;
}

}  // namespace

Report run_echo_load(const LoadOptions& options, EchoKind kind) {
  EchoLoad load(options, kind);
  if (options.door) {
    load.let_all_in();
  } else if (!load.connect_all()) {
    return {{{"deflate", 0}}};
  }
  return load.run();
}

}  // namespace simws::load
