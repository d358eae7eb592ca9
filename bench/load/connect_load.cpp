#include "load/connect_load.h"

#include "load/handshake.h"
#include "load/message_reader.h"
#include "load/meter.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <vector>

namespace bench {
namespace {

// RFC 6455, 5.5.1: code 1000, with masking key 0.
constexpr std::string_view close_frame{"\x88\x82\x00\x00\x00\x00\x03\xE8", 8};
constexpr int patience = 10'000;  // milliseconds without any answer

class ConnectLoad {
 public:
  explicit ConnectLoad(const LoadOptions& options)
      : options_(options),
        meter_(options.server),
        request_(handshake_request(options.port)),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        visitors_(options.connections) {}
  ~ConnectLoad() { close(epoll_); }
  ConnectLoad(const ConnectLoad&) = delete;
  ConnectLoad& operator=(const ConnectLoad&) = delete;

  Figures run();

 private:
  struct Visitor {
    int descriptor = -1;
    std::string answer;  // what has come of it
    bool has_asked_to_close = false;
    MessageReader reader;
  };

  void come(Visitor& visitor);
  void leave(Visitor& visitor);
  void send(const Visitor& visitor, std::string_view bytes) const;
  void receive(Visitor& visitor);
  void take(Visitor& visitor, std::string_view bytes);
  void take_answer(Visitor& visitor);
  void take_raw_answer(Visitor& visitor);
  void turn();
  Reading run_until(double time);

  const LoadOptions& options_;
  Meter meter_;
  std::string request_;
  int epoll_;
  std::vector<Visitor> visitors_;
  std::uint64_t cycles_ = 0;
  unsigned source_ = 0;
  bool refill_ = true;
};

void ConnectLoad::come(Visitor& visitor) {
  visitor = {};
  visitor.descriptor = connect_to(options_.port, 1 + source_++ % 1000);
  fcntl(visitor.descriptor, F_SETFL, O_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &visitor;
  epoll_ctl(epoll_, EPOLL_CTL_ADD, visitor.descriptor, &event);
  send(visitor, request_);
}

void ConnectLoad::leave(Visitor& visitor) {
  close(visitor.descriptor);
  visitor.descriptor = -1;
  ++cycles_;
  if (refill_) come(visitor);
}

void ConnectLoad::send(const Visitor& visitor, std::string_view bytes) const {
  if (::send(visitor.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(bytes.size())) {
    die("can't send");
  }
}

void ConnectLoad::receive(Visitor& visitor) {
  std::array<char, 4096> bytes;
  const ssize_t size = recv(visitor.descriptor, bytes.data(), bytes.size(), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size < 0) die("can't receive");
  errno = 0;
  if (size == 0) die("the server ended a connection before it answered a Close");
  take(visitor, {bytes.data(), static_cast<std::size_t>(size)});
}

void ConnectLoad::take(Visitor& visitor, std::string_view bytes) {
  if (options_.raw || !visitor.has_asked_to_close) {
    visitor.answer += bytes;
    return take_answer(visitor);
  }
  visitor.reader.append(bytes);
  if (visitor.reader.next()) die("a message that nobody asked for");
  if (visitor.reader.is_closed()) leave(visitor);
}

void ConnectLoad::take_answer(Visitor& visitor) {
  if (options_.raw) return take_raw_answer(visitor);
  if (visitor.answer.find("\r\n\r\n") == std::string::npos) return;
  check_answer(visitor.answer);
  visitor.has_asked_to_close = true;
  send(visitor, close_frame);
}

// As many exchanges as with WebSocket: the request and the Close come back as they are.
void ConnectLoad::take_raw_answer(Visitor& visitor) {
  const std::string_view expected = visitor.has_asked_to_close ? close_frame : request_;
  if (visitor.answer.size() < expected.size()) return;
  if (visitor.answer != expected) die("other bytes than were sent");
  if (visitor.has_asked_to_close) return leave(visitor);
  visitor.answer.clear();
  visitor.has_asked_to_close = true;
  send(visitor, close_frame);
}

void ConnectLoad::turn() {
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), patience);
  if (count < 0 && errno != EINTR) die("can't wait");
  errno = 0;
  if (count == 0) die("nothing came for ten seconds");
  for (int i = 0; i < count; ++i) {
    receive(*static_cast<Visitor*>(events[static_cast<std::size_t>(i)].data.ptr));
  }
}

Reading ConnectLoad::run_until(double time) {
  while (now() < time) turn();
  return meter_.read();
}

Figures ConnectLoad::run() {
  for (Visitor& visitor : visitors_) come(visitor);
  const Reading begin = run_until(now() + options_.warm_up);
  const std::uint64_t before = cycles_;
  const Reading end = run_until(begin.time + options_.seconds);
  const std::uint64_t after = cycles_;
  refill_ = false;
  while (cycles_ < after + visitors_.size()) turn();
  return meter_.figures(begin, end, after - before);
}

}  // namespace

Figures run_connect_load(const LoadOptions& options) {
  return ConnectLoad(options).run();
}

}  // namespace bench
