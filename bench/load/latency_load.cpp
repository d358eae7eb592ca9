#include "load/latency_load.h"

#include "load/handshake.h"
#include "load/message_reader.h"
#include "load/meter.h"
#include "load/percentile.h"
#include "load/schedule.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace bench {
namespace {

constexpr double grace = 2;           // seconds for what is still under way at the end
constexpr double longest_wait = 0.1;  // seconds
constexpr std::uint8_t text_frame = 0x81;
constexpr std::size_t digits = 20;

struct Connection {
  int descriptor;
  MessageReader reader;
  std::uint64_t next;  // message that is to come back; then each `connections` further
  std::string unsent;
};

class LatencyLoad {
 public:
  explicit LatencyLoad(const LoadOptions& options)
      : options_(options),
        meter_(options.server),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        buffer_(64u << 10),
        filler_(std::max(options.size, digits) - digits, '.') {}
  ~LatencyLoad();
  LatencyLoad(const LatencyLoad&) = delete;
  LatencyLoad& operator=(const LatencyLoad&) = delete;

  void connect_all();
  Figures run();

 private:
  std::string message(std::uint64_t index) const;
  void send_due(const Schedule& schedule, double end);
  void send(Connection& connection, std::uint64_t index);
  void flush(Connection& connection);
  timespec time_to_wait(const Schedule& schedule) const;
  void turn(const Schedule& schedule);
  void receive(Connection& connection, const Schedule& schedule);
  void note(double latency, std::uint64_t index);
  void note_unanswered(const Schedule& schedule);
  bool is_measured(std::uint64_t index) const { return index >= first_measured_; }

  const LoadOptions& options_;
  Meter meter_;
  int epoll_;
  std::vector<char> buffer_;
  std::string filler_;
  std::vector<Connection> connections_;
  std::vector<double> latencies_;
  std::uint64_t first_measured_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t back_ = 0;
};

LatencyLoad::~LatencyLoad() {
  for (const Connection& connection : connections_) close(connection.descriptor);
  close(epoll_);
}

void LatencyLoad::connect_all() {
  connections_.reserve(options_.connections);
  for (std::size_t i = 0; i < options_.connections; ++i) {
    const int descriptor = connect_to(options_.port);
    if (!options_.raw) open_websocket(descriptor, options_.port);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    const std::size_t raw_size = options_.raw ? digits + filler_.size() : 0;
    connections_.push_back({descriptor, MessageReader(raw_size), i, {}});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connections_.back();
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }
}

std::string LatencyLoad::message(std::uint64_t index) const {
  std::string number = std::to_string(index);
  return number.insert(0, digits - number.size(), '0') + filler_;
}

void LatencyLoad::send_due(const Schedule& schedule, double end) {
  const std::uint64_t due = schedule.due(std::min(now(), end));
  for (; sent_ < due; ++sent_) send(connections_[sent_ % connections_.size()], sent_);
}

void LatencyLoad::send(Connection& connection, std::uint64_t index) {
  const std::string text = message(index);
  if (options_.raw) {
    connection.unsent += text;
  } else {
    append_masked_frame(connection.unsent, text_frame, text,
                        static_cast<std::uint32_t>(index * 2654435761u));
  }
  flush(connection);
}

void LatencyLoad::flush(Connection& connection) {
  std::string& unsent = connection.unsent;
  if (unsent.empty()) return;
  const ssize_t size = ::send(connection.descriptor, unsent.data(), unsent.size(), MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN) die("can't send");
  if (size > 0) unsent.erase(0, static_cast<std::size_t>(size));
}

timespec LatencyLoad::time_to_wait(const Schedule& schedule) const {
  const double left = options_.waits ? schedule.time_of(sent_) - now() : 0;
  return {0, static_cast<long>(std::clamp(left, 0.0, longest_wait) * 1e9)};
}

void LatencyLoad::turn(const Schedule& schedule) {
  std::array<epoll_event, 256> events;
  const timespec timeout = time_to_wait(schedule);
  const int count =
      epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  if (count < 0 && errno != EINTR) die("can't wait");
  for (int i = 0; i < count; ++i) {
    Connection& connection =
        *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
    receive(connection, schedule);
    flush(connection);
  }
}

void LatencyLoad::receive(Connection& connection, const Schedule& schedule) {
  const ssize_t size = recv(connection.descriptor, buffer_.data(), buffer_.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size < 0) die("can't receive");
  errno = 0;
  if (size == 0) die("the server ended a connection");
  const double time = now();
  connection.reader.append({buffer_.data(), static_cast<std::size_t>(size)});
  while (connection.reader.next()) {
    if (connection.reader.message() != message(connection.next))
      die("another message than was due");
    note(time - schedule.time_of(connection.next), connection.next);
    connection.next += connections_.size();
    ++back_;
  }
}

void LatencyLoad::note(double latency, std::uint64_t index) {
  if (is_measured(index)) latencies_.push_back(latency * 1e6);
}

void LatencyLoad::note_unanswered(const Schedule& schedule) {
  const double time = now();
  for (const Connection& connection : connections_) {
    for (std::uint64_t i = connection.next; i < sent_; i += connections_.size()) {
      note(time - schedule.time_of(i), i);
    }
  }
}

Figures LatencyLoad::run() {
  const double start = now();
  const Schedule schedule(start, options_.rate);
  const double measured = start + options_.warm_up;
  const double end = measured + options_.seconds;
  first_measured_ = schedule.due(measured);
  while (now() < measured) send_due(schedule, end), turn(schedule);
  const Reading first = meter_.read();
  const std::uint64_t before = back_;
  while (now() < end) send_due(schedule, end), turn(schedule);
  const Reading last = meter_.read();
  const std::uint64_t after = back_;
  send_due(schedule, end);
  while (back_ < sent_ && now() < end + grace) turn(schedule);
  note_unanswered(schedule);
  Figures figures = meter_.figures(first, last, after - before);
  figures.insert(figures.end(), {{"p50_us", percentile(latencies_, 0.5)},
                                 {"p99_us", percentile(latencies_, 0.99)},
                                 {"p999_us", percentile(latencies_, 0.999)},
                                 {"max_us", percentile(latencies_, 1)},
                                 {"late", static_cast<double>(sent_ - back_)}});
  return figures;
}

}  // namespace

Figures run_latency_load(const LoadOptions& options) {
  LatencyLoad load(options);
  load.connect_all();
  return load.run();
}

}  // namespace bench
