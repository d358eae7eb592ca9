#include "host/load/connect_load.h"

#include "host/load/failure.h"
#include "host/load/message_reader.h"
#include "host/load/meter.h"
#include "host/load/opening.h"
#include "host/load/poller.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::load {
namespace {

// RFC 6455, 5.5.1: code 1000, with masking key 0.
constexpr std::string_view close_frame{"\x88\x82\x00\x00\x00\x00\x03\xE8", 8};
constexpr unsigned sources = 1000;     // addresses to come from
constexpr std::size_t raw_size = 190;  // of what stands for a handshake where there's none

struct Visitor {
  std::optional<Connection> connection;
  std::unique_ptr<AnswerReader> answer;  // null: nothing has come yet, or it was a known one
  std::string raw_answer;                // what has come of it
  MessageReader reader;
  double came_at = 0;
  bool has_asked_to_close = false;
};

class ConnectLoad {
 public:
  explicit ConnectLoad(const LoadOptions& options)
      : options_(options),
        meter_(options.server),
        target_(options),
        request_(options.raw ? std::string(raw_size, '.') : target_.request),
        visitors_(options.connections) {}

  Report run();

 private:
  void come(Visitor& visitor);
  void leave(Visitor& visitor);
  void flush(Visitor& visitor);
  void receive(Visitor& visitor);
  void take(Visitor& visitor, std::string_view bytes);
  bool opens(Visitor& visitor, std::string_view& bytes);
  void take_raw(Visitor& visitor, std::string_view bytes);
  void ask_to_close(Visitor& visitor);
  void turn();
  Reading run_until(double time);

  const LoadOptions& options_;
  Meter meter_;
  Target target_;
  std::string request_;
  std::string known_answer_;
  Poller poller_;
  std::vector<Visitor> visitors_;
  std::vector<Visitor*> done_;  // of this turn
  Histogram times_;
  bool is_measuring_ = false;
  std::uint64_t cycles_ = 0;
  unsigned source_ = 0;
  bool refill_ = true;
};

void ConnectLoad::come(Visitor& visitor) {
  visitor = {};
  visitor.came_at = now();
  visitor.connection.emplace(connect_to(target_, {1 + source_++ % sources, false}));
  visitor.connection->queue(request_);
  poller_.add(visitor.connection->descriptor(), &visitor);
  flush(visitor);
}

void ConnectLoad::leave(Visitor& visitor) {
  visitor.connection.reset();
  ++cycles_;
  if (refill_) come(visitor);
}

void ConnectLoad::flush(Visitor& visitor) {
  visitor.connection->flush();
  visitor.connection->watch_sending(poller_, &visitor);
}

void ConnectLoad::receive(Visitor& visitor) {
  std::array<char, 4096> buffer;
  const auto received = visitor.connection->receive(buffer, [&](std::string_view bytes) {
    options_.raw ? take_raw(visitor, bytes) : take(visitor, bytes);
  });
  const bool is_done = !done_.empty() && done_.back() == &visitor;
  if (is_done) return;
  if (received == Connection::Received::end) {
    if (visitor.answer && !visitor.has_asked_to_close) visitor.answer->end();
    give_up(visitor.has_asked_to_close ? "the server ended a connection before it answered a Close"
                                       : "the server ended the connection in the handshake");
  }
  flush(visitor);
}

void ConnectLoad::take(Visitor& visitor, std::string_view bytes) {
  if (visitor.reader.is_closed()) return;
  if (!visitor.has_asked_to_close) {
    if (!opens(visitor, bytes)) return;
    ask_to_close(visitor);
  }
  // What a server says by itself is passed over.
  visitor.reader.append(bytes);
  while (visitor.reader.next()) {
  }
  visitor.reader.take_pongs();  // after a Close nothing is sent
  if (visitor.reader.is_closed()) {
    done_.push_back(&visitor);
  } else if (!visitor.reader.end().empty()) {
    give_up(visitor.reader.end());
  }
}

// The handshake's key is the same for all, so what opened one opens each: to judge every answer
// anew would cost this program more than a server takes to give it.
bool ConnectLoad::opens(Visitor& visitor, std::string_view& bytes) {
  const bool is_beginning = !visitor.answer;
  if (is_beginning && !known_answer_.empty() && bytes.starts_with(known_answer_)) {
    bytes.remove_prefix(known_answer_.size());
    return true;
  }
  if (is_beginning) visitor.answer = std::make_unique<AnswerReader>(target_);
  const std::string_view all = bytes;
  if (!visitor.answer->receive(bytes)) return false;
  if (is_beginning) known_answer_ = all.substr(0, all.size() - bytes.size());
  return true;
}

// As many exchanges as with WebSocket: the request and the Close come back as they are.
void ConnectLoad::take_raw(Visitor& visitor, std::string_view bytes) {
  visitor.raw_answer += bytes;
  const std::string_view expected = visitor.has_asked_to_close ? close_frame : request_;
  if (visitor.raw_answer.size() < expected.size()) return;
  if (visitor.raw_answer != expected) give_up("other bytes than were sent");
  visitor.raw_answer.clear();
  if (visitor.has_asked_to_close) {
    done_.push_back(&visitor);
  } else {
    ask_to_close(visitor);
  }
}

void ConnectLoad::ask_to_close(Visitor& visitor) {
  if (is_measuring_) times_.add(now() - visitor.came_at);
  visitor.has_asked_to_close = true;
  visitor.connection->queue(close_frame);
}

void ConnectLoad::turn() {
  const auto events = poller_.wait(options_.patience);
  if (events.empty() && !options_.is_ended()) give_up("nothing came in time");
  for (const epoll_event& event : events) {
    Visitor& visitor = *static_cast<Visitor*>(event.data.ptr);
    if (event.events & ~EPOLLOUT) {
      receive(visitor);
    } else {
      flush(visitor);
    }
  }
  for (Visitor* const visitor : std::exchange(done_, {})) leave(*visitor);
}

Reading ConnectLoad::run_until(double time) {
  while (now() < time && !options_.is_ended()) turn();
  return meter_.read();
}

Report ConnectLoad::run() {
  for (Visitor& visitor : visitors_) come(visitor);
  const Reading begin = run_until(now() + options_.warm_up);
  is_measuring_ = true;
  const std::uint64_t before = cycles_;
  const Reading end = run_until(begin.time + options_.seconds);
  const std::uint64_t after = cycles_;
  is_measuring_ = false;
  refill_ = false;
  while (cycles_ < after + visitors_.size() && !options_.is_ended()) turn();
  Report report{meter_.figures(begin, end, after - before), std::move(times_), "until open"};
  append_percentiles(report.figures, report.times, "", "us", 1e6);
  return report;
}

}  // namespace

Report run_connect_load(const LoadOptions& options) {
  return ConnectLoad(options).run();
}

}  // namespace simws::load
