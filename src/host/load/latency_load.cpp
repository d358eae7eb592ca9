#include "host/load/latency_load.h"

#include "host/load/failure.h"
#include "host/load/message_reader.h"
#include "host/load/meter.h"
#include "host/load/opening.h"
#include "host/load/poller.h"
#include "host/load/schedule.h"
#include "host/load/text.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::load {
namespace {

constexpr double grace = 2;           // seconds for what is still under way at the end
constexpr double longest_wait = 0.1;  // seconds
constexpr std::uint8_t text_frame = 0x81;
constexpr std::size_t digits = 20;

struct Peer {
  Connection connection;
  MessageReader reader;
  std::uint64_t next;  // message that is to come back; then each `connections` further
};

class LatencyLoad {
 public:
  explicit LatencyLoad(const LoadOptions& options)
      : options_(options),
        meter_(options.server),
        target_(options),
        buffer_(64u << 10),
        filler_(std::max(options.size, digits) - digits, '.') {}

  void connect_all();
  Report run();

 private:
  std::string message(std::uint64_t index) const;
  void run_until(double time, double end);
  void send_due(double end);
  void send(Peer& peer, std::uint64_t index);
  void flush(Peer& peer);
  double time_to_wait() const;
  void turn();
  void receive(Peer& peer);
  void take(Peer& peer, std::string_view bytes, double time);
  void note(double latency, std::uint64_t index);
  void note_unanswered();

  const LoadOptions& options_;
  Meter meter_;
  Target target_;
  Poller poller_;
  std::vector<char> buffer_;
  std::string filler_;
  std::vector<Peer> peers_;
  Schedule schedule_{0, 1};
  Histogram latencies_;
  std::string wire_;
  std::uint64_t first_measured_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t back_ = 0;
};

void LatencyLoad::connect_all() {
  peers_.reserve(options_.connections);
  const std::size_t raw_size = options_.raw ? digits + filler_.size() : 0;
  for (std::size_t i = 0; i < options_.connections; ++i) {
    auto [connection, opening] = open_connection(target_);
    peers_.push_back({std::move(connection), MessageReader(raw_size), i});
    poller_.add(peers_.back().connection.descriptor(), &peers_.back());
    take(peers_.back(), opening.early, now());
  }
}

std::string LatencyLoad::message(std::uint64_t index) const {
  std::string number = std::to_string(index);
  return number.insert(0, digits - number.size(), '0') + filler_;
}

void LatencyLoad::run_until(double time, double end) {
  while (now() < time && !options_.is_ended()) send_due(end), turn();
}

void LatencyLoad::send_due(double end) {
  const std::uint64_t due = schedule_.due(std::min(now(), end));
  for (; sent_ < due; ++sent_) send(peers_[sent_ % peers_.size()], sent_);
}

void LatencyLoad::send(Peer& peer, std::uint64_t index) {
  const std::string text = message(index);
  wire_.clear();
  if (options_.raw) {
    wire_ = text;
  } else {
    append_masked_frame(wire_, text_frame, text, static_cast<std::uint32_t>(index * 2654435761u));
  }
  peer.connection.queue_copy(wire_);
  flush(peer);
}

void LatencyLoad::flush(Peer& peer) {
  peer.connection.flush();
  peer.connection.watch_sending(poller_, &peer);
}

double LatencyLoad::time_to_wait() const {
  const double left = options_.waits ? schedule_.time_of(sent_) - now() : 0;
  return std::clamp(left, 0.0, longest_wait);
}

void LatencyLoad::turn() {
  for (const epoll_event& event : poller_.wait(time_to_wait())) {
    Peer& peer = *static_cast<Peer*>(event.data.ptr);
    if (event.events & ~EPOLLOUT) receive(peer);
    flush(peer);
  }
}

void LatencyLoad::receive(Peer& peer) {
  const auto received =
      peer.connection.receive(buffer_, [&](std::string_view bytes) { take(peer, bytes, now()); });
  if (received == Connection::Received::end) {
    give_up(std::string("the server ended a connection") + for_echoing_servers);
  }
}

void LatencyLoad::take(Peer& peer, std::string_view bytes, double time) {
  peer.reader.append(bytes);
  while (peer.reader.next()) {
    const bool is_due = peer.next < sent_;
    if (!is_due || peer.reader.message() != message(peer.next)) {
      give_up(quoted_bytes(peer.reader.message()) + " came instead of " +
              (is_due ? quoted_bytes(message(peer.next)) : "nothing") + for_echoing_servers);
    }
    note(time - schedule_.time_of(peer.next), peer.next);
    peer.next += peers_.size();
    ++back_;
  }
  if (!peer.reader.end().empty()) give_up(peer.reader.end() + for_echoing_servers);
  const std::string pongs = peer.reader.take_pongs();
  if (!pongs.empty()) peer.connection.queue_copy(pongs);
}

void LatencyLoad::note(double latency, std::uint64_t index) {
  if (index >= first_measured_) latencies_.add(latency);
}

void LatencyLoad::note_unanswered() {
  const double time = now();
  for (const Peer& peer : peers_) {
    for (std::uint64_t i = peer.next; i < sent_; i += peers_.size()) {
      note(time - schedule_.time_of(i), i);
    }
  }
}

Report LatencyLoad::run() {
  const double start = now();
  schedule_ = Schedule(start, options_.rate);
  const double measured = start + options_.warm_up;
  const double end = measured + options_.seconds;
  first_measured_ = schedule_.due(measured);
  run_until(measured, end);
  const Reading first = meter_.read();
  const std::uint64_t before = back_;
  run_until(end, end);
  const Reading last = meter_.read();
  const std::uint64_t after = back_;
  if (!options_.is_ended()) send_due(end);
  while (back_ < sent_ && now() < end + grace && !options_.is_ended()) turn();
  if (!options_.is_ended()) note_unanswered();
  Report report{meter_.figures(first, last, after - before), std::move(latencies_), "latency"};
  append_percentiles(report.figures, report.times, "", "us", 1e6);
  report.figures.emplace_back("late", static_cast<double>(sent_ - back_));
  return report;
}

}  // namespace

Report run_latency_load(const LoadOptions& options) {
  LatencyLoad load(options);
  load.connect_all();
  return load.run();
}

}  // namespace simws::load
