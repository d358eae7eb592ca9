#include "load/client.h"

#include "load/echo_checker.h"
#include "load/handshake.h"
#include "transport/send_ring.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <span>
#include <string_view>
#include <vector>

namespace bench {
namespace {

using simws::transport::Sending;
using simws::transport::SendRing;
using simws::transport::Socket;

constexpr std::size_t read_size = 256u << 10;

double read_clock(clockid_t clock) {
  timespec time{};
  if (clock_gettime(clock, &time) != 0) die("can't read a clock");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The kernel's account of all threads of a process, in nanoseconds.
double processor_time(pid_t process) {
  clockid_t clock{};
  errno = clock_getcpuclockid(process, &clock);
  if (errno != 0) die("can't find the server's clock");
  return read_clock(clock);
}

struct Reading {
  std::uint64_t messages;
  double time;
  double server;
  double client;
};

struct Connection {
  Socket socket;
  EchoChecker checker;
  std::string_view unsent;     // of the batch under way
  std::size_t to_come_back{};  // messages of the batch under way
};

// Cheap for its own processor, which must not be what limits the server: a turn receives all that
// has come, then sends all that's due in one call to the system.
class Client {
 public:
  explicit Client(const LoadOptions& options)
      : options_(options),
        batch_(options.raw ? make_raw_batch(options.size, options.pipeline)
                           : make_batch(options.size, options.pipeline, options.payload)),
        buffer_(read_size),
        epoll_(epoll_create1(EPOLL_CLOEXEC)) {}
  ~Client() { close(epoll_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void connect_all();
  LoadResult run();

 private:
  Reading read() const;
  void start(Connection& connection);
  void send_all();
  void note_sent(Connection& connection, const Sending& sending);
  void watch(Connection& connection);
  void receive(Connection& connection);
  void turn();
  Reading run_until(double time, std::uint64_t messages);

  const LoadOptions& options_;
  Batch batch_;
  std::vector<char> buffer_;
  int epoll_;
  std::vector<Connection> connections_;
  std::vector<Connection*> due_;  // with something to send
  std::vector<Sending> sendings_;
  SendRing ring_;
  std::uint64_t messages_ = 0;
  std::size_t busy_ = 0;  // connections with a batch under way
  bool refill_ = true;
};

void Client::connect_all() {
  connections_.reserve(options_.connections);
  for (std::size_t i = 0; i < options_.connections; ++i) {
    const int descriptor = connect_to(options_.port);
    if (!options_.raw) open_websocket(descriptor, options_.port);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    connections_.push_back({Socket(descriptor), EchoChecker(batch_, !options_.raw), {}, 0});
  }
}

Reading Client::read() const {
  return {messages_, read_clock(CLOCK_MONOTONIC),
          options_.server ? processor_time(options_.server) : 0,
          read_clock(CLOCK_PROCESS_CPUTIME_ID)};
}

void Client::start(Connection& connection) {
  ++busy_;
  connection.unsent = batch_.wire;
  connection.to_come_back = batch_.messages.size();
  due_.push_back(&connection);
}

void Client::send_all() {
  sendings_.clear();
  for (Connection* const connection : due_) {
    sendings_.push_back({&connection->socket, std::as_bytes(std::span(connection->unsent)), {}});
  }
  ring_.send(sendings_);
  for (std::size_t i = 0; i < due_.size(); ++i) note_sent(*due_[i], sendings_[i]);
  due_.clear();
}

void Client::note_sent(Connection& connection, const Sending& sending) {
  const bool waited = connection.unsent.size() != batch_.wire.size();
  if (sending.transfer.error != 0 && !simws::transport::would_block(sending.transfer.error)) {
    errno = sending.transfer.error;
    die("can't send");
  }
  connection.unsent.remove_prefix(sending.transfer.bytes);
  if (waited || !connection.unsent.empty()) watch(connection);
}

void Client::watch(Connection& connection) {
  epoll_event event{};
  event.events = EPOLLIN | (connection.unsent.empty() ? 0u : EPOLLOUT);
  event.data.ptr = &connection;
  epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket.descriptor(), &event);
}

void Client::receive(Connection& connection) {
  const ssize_t size = recv(connection.socket.descriptor(), buffer_.data(), buffer_.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size < 0) die("can't receive");
  if (size == 0) die("the server ended a connection");
  const std::size_t completed =
      connection.checker.consume({buffer_.data(), static_cast<std::size_t>(size)});
  errno = 0;
  if (!connection.checker.error().empty()) die(connection.checker.error().c_str());
  if (completed > connection.to_come_back) die("more messages came back than were sent");
  messages_ += completed;
  connection.to_come_back -= completed;
  if (connection.to_come_back > 0 || completed == 0) return;
  --busy_;
  if (refill_) start(connection);
}

void Client::turn() {
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10000);
  if (count < 0 && errno != EINTR) die("can't wait");
  errno = 0;
  if (count == 0) die("nothing came back for ten seconds");
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    Connection& connection = *static_cast<Connection*>(event.data.ptr);
    if (event.events & EPOLLOUT) due_.push_back(&connection);
    if (event.events & ~EPOLLOUT) receive(connection);
  }
  send_all();
}

Reading Client::run_until(double time, std::uint64_t messages) {
  while (read_clock(CLOCK_MONOTONIC) < time && (messages == 0 || messages_ < messages)) turn();
  return read();
}

LoadResult Client::run() {
  for (Connection& connection : connections_) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket.descriptor(), &event);
    start(connection);
  }
  send_all();
  const Reading begin = run_until(read_clock(CLOCK_MONOTONIC) + options_.warm_up, 0);
  const std::uint64_t limit = options_.messages ? begin.messages + options_.messages : 0;
  const Reading end = run_until(begin.time + options_.seconds, limit);
  refill_ = false;
  while (busy_ > 0) turn();
  return {end.messages - begin.messages, end.time - begin.time, end.server - begin.server,
          end.client - begin.client};
}

}  // namespace

LoadResult run_load(const LoadOptions& options) {
  Client client(options);
  client.connect_all();
  return client.run();
}

void hold_idle(const LoadOptions& options) {
  Client client(options);
  client.connect_all();
  std::printf("open %zu\n", options.connections);
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

}  // namespace bench
