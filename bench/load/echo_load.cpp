#include "load/echo_load.h"

#include "load/deflate_checker.h"
#include "load/echo_checker.h"
#include "load/handshake.h"
#include "load/meter.h"
#include "transport/send_ring.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace bench {
namespace {

using simws::transport::Sending;
using simws::transport::SendRing;
using simws::transport::Socket;

constexpr std::size_t read_size = 256u << 10;
constexpr std::size_t least_warm_up = 2;  // batches of each, before memory is in a steady state
constexpr int patience = 30'000;          // milliseconds without any answer

struct Connection {
  Socket socket;
  std::unique_ptr<Checker> checker;
  std::string_view unsent;     // of the batch under way
  std::size_t to_come_back{};  // messages of the batch under way
};

Batch make(const LoadOptions& options) {
  if (options.raw) return make_raw_batch(options.size, options.pipeline);
  if (options.deflate) {
    return make_deflated_batch(options.size, options.pipeline, options.payload);
  }
  const Sender sender = options.door ? Sender::server : Sender::client;
  return make_batch(options.size, options.pipeline, options.payload, sender);
}

// Cheap for its own processor, which must not be what limits the server: a turn receives all that
// has come, then sends all that's due in one call to the system.
class EchoLoad {
 public:
  EchoLoad(const LoadOptions& options, EchoKind kind)
      : options_(options),
        kind_(kind),
        meter_(options.server),
        batch_(make(options)),
        buffer_(read_size),
        epoll_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~EchoLoad() { close(epoll_); }
  EchoLoad(const EchoLoad&) = delete;
  EchoLoad& operator=(const EchoLoad&) = delete;

  // False: the server doesn't compress.
  bool connect_all();
  // All clients come.
  void let_all_in();
  Figures run();

 private:
  void add(int descriptor);
  std::unique_ptr<Checker> make_checker() const;
  void start_all();
  void start(Connection& connection);
  void finish(Connection& connection);
  void expect(Connection& connection);
  void send_batch(Connection& connection);
  void send_all();
  void note_sent(Connection& connection, const Sending& sending);
  void watch(Connection& connection, int operation);
  void receive(Connection& connection);
  void turn();
  Reading run_until(double time, std::uint64_t messages);

  const LoadOptions& options_;
  EchoKind kind_;
  Meter meter_;
  Batch batch_;
  std::vector<char> buffer_;
  int epoll_;
  std::vector<Connection> connections_;
  std::vector<Connection*> due_;  // with something to send
  std::vector<Sending> sendings_;
  SendRing ring_;
  std::uint64_t messages_ = 0;
  std::uint64_t finished_ = 0;  // batches that came back to all who wait for them
  std::size_t busy_ = 0;        // connections with a batch under way
  bool refill_ = true;
};

bool EchoLoad::connect_all() {
  connections_.reserve(options_.connections);
  for (std::size_t i = 0; i < options_.connections; ++i) {
    const int descriptor = connect_to(options_.port);
    const std::string_view offer =
        options_.deflate ? deflate_offer(options_.in_context) : std::string_view();
    if (!options_.raw && open_websocket(descriptor, options_.port, offer) != options_.deflate) {
      return false;
    }
    add(descriptor);
  }
  return true;
}

void EchoLoad::let_all_in() {
  connections_.reserve(options_.connections);
  while (connections_.size() < options_.connections) add(options_.door->let_in());
}

void EchoLoad::add(int descriptor) {
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  connections_.push_back({Socket(descriptor), make_checker(), {}, 0});
  watch(connections_.back(), EPOLL_CTL_ADD);
}

std::unique_ptr<Checker> EchoLoad::make_checker() const {
  if (options_.deflate) return std::make_unique<DeflateChecker>(batch_, options_.in_context);
  const Sender sender = options_.door ? Sender::client : Sender::server;
  return std::make_unique<EchoChecker>(batch_, !options_.raw, sender);
}

void EchoLoad::start_all() {
  for (Connection& connection : connections_) expect(connection);
  if (kind_ == EchoKind::fan_out) return send_batch(connections_.front());
  for (Connection& connection : connections_) send_batch(connection);
}

// The next batch of a connection of which all came back.
void EchoLoad::start(Connection& connection) {
  expect(connection);
  send_batch(connection);
}

void EchoLoad::expect(Connection& connection) {
  ++busy_;
  connection.to_come_back = batch_.messages.size();
}

void EchoLoad::send_batch(Connection& connection) {
  connection.unsent = batch_.wire;
  due_.push_back(&connection);
}

void EchoLoad::send_all() {
  sendings_.clear();
  for (Connection* const connection : due_) {
    sendings_.push_back({&connection->socket, std::as_bytes(std::span(connection->unsent)), {}});
  }
  ring_.send(sendings_);
  for (std::size_t i = 0; i < due_.size(); ++i) note_sent(*due_[i], sendings_[i]);
  due_.clear();
}

void EchoLoad::note_sent(Connection& connection, const Sending& sending) {
  const bool waited = connection.unsent.size() != batch_.wire.size();
  if (sending.transfer.error != 0 && !simws::transport::would_block(sending.transfer.error)) {
    errno = sending.transfer.error;
    die("can't send");
  }
  connection.unsent.remove_prefix(sending.transfer.bytes);
  if (waited || !connection.unsent.empty()) watch(connection, EPOLL_CTL_MOD);
}

void EchoLoad::watch(Connection& connection, int operation) {
  epoll_event event{};
  event.events = EPOLLIN | (connection.unsent.empty() ? 0u : EPOLLOUT);
  event.data.ptr = &connection;
  epoll_ctl(epoll_, operation, connection.socket.descriptor(), &event);
}

void EchoLoad::receive(Connection& connection) {
  const ssize_t size = recv(connection.socket.descriptor(), buffer_.data(), buffer_.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size < 0) die("can't receive");
  errno = 0;
  if (size == 0) die("the server ended a connection");
  const std::size_t completed =
      connection.checker->consume({buffer_.data(), static_cast<std::size_t>(size)});
  if (!connection.checker->error().empty()) die(connection.checker->error().c_str());
  if (completed > connection.to_come_back) die("more messages came back than were sent");
  messages_ += completed;
  connection.to_come_back -= completed;
  if (connection.to_come_back == 0 && completed > 0) finish(connection);
}

void EchoLoad::finish(Connection& connection) {
  --busy_;
  const bool is_fan_out = kind_ == EchoKind::fan_out;
  if (is_fan_out && busy_ > 0) return;
  ++finished_;
  if (!refill_) return;
  is_fan_out ? start_all() : start(connection);
}

void EchoLoad::turn() {
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), patience);
  if (count < 0 && errno != EINTR) die("can't wait");
  errno = 0;
  if (count == 0) die("nothing came back for thirty seconds");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    Connection& connection = *static_cast<Connection*>(event.data.ptr);
    if (event.events & EPOLLOUT) due_.push_back(&connection);
    if (event.events & ~EPOLLOUT) receive(connection);
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
  } while (finished_ == finished || (now() < time && (messages == 0 || messages_ < messages)));
  return meter_.read();
}

Figures EchoLoad::run() {
  start_all();
  send_all();
  const std::size_t senders = kind_ == EchoKind::fan_out ? 1 : connections_.size();
  while (finished_ < least_warm_up * senders) turn();
  const Reading begin = run_until(now() + options_.warm_up, 0);
  const std::uint64_t before = messages_;
  const std::uint64_t limit = options_.messages ? before + options_.messages : 0;
  const Reading end = run_until(begin.time + options_.seconds, limit);
  const std::uint64_t after = messages_;
  refill_ = false;
  while (busy_ > 0) turn();
  Figures figures = meter_.figures(begin, end, after - before);
  figures.emplace_back("deflate", options_.deflate);
  return figures;
}

}  // namespace

Figures run_echo_load(const LoadOptions& options, EchoKind kind) {
  EchoLoad load(options, kind);
  if (options.door) {
    load.let_all_in();
  } else if (!load.connect_all()) {
    return {{"deflate", 0}};
  }
  return load.run();
}

}  // namespace bench
