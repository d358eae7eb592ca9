#include "host/load/age_load.h"

#include "host/load/failure.h"
#include "host/load/message_reader.h"
#include "host/load/meter.h"
#include "host/load/opening.h"
#include "host/load/poller.h"
#include "host/load/schedule.h"
#include "host/load/text.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::load {
namespace {

constexpr double grace = 0.5;       // seconds for what is still under way at the end
constexpr double slow_step = 0.02;  // seconds between two reads of a slow viewer
constexpr std::uint8_t text_frame = 0x81;
constexpr std::size_t digits = 20;
enum class Reads { at_once, slowly, for_nobody };

struct Viewer {
  std::optional<Connection> connection;  // none: it has ended
  Reads reads;
  MessageReader reader;
};

double sent_at(std::string_view message) {
  std::uint64_t nanoseconds = 0;
  std::from_chars(message.data(), message.data() + digits, nanoseconds);
  return static_cast<double>(nanoseconds) * 1e-9;
}

class AgeLoad {
 public:
  explicit AgeLoad(const LoadOptions& options)
      : options_(options),
        meter_(options.server),
        target_(options),
        buffer_(256u << 10),
        filler_(std::max(options.size, digits) - digits, '.') {}

  void connect_all();
  Report run();

 private:
  void add(Reads reads);
  void send_due(double end);
  void send();
  void turn();
  void run_until(double time, double end);
  void read_slowly();
  void receive(Viewer& viewer, std::size_t most);
  void take(Viewer& viewer, std::string_view bytes, double time);
  void end(Viewer& viewer);
  void note(const Viewer& viewer, double time);
  Connection& simulation() { return *viewers_[0].connection; }

  const LoadOptions& options_;
  Meter meter_;
  Target target_;
  Poller poller_;
  std::vector<char> buffer_;
  std::string filler_;
  std::vector<Viewer> viewers_;  // the first one is the simulation's connection
  Histogram ages_;
  Histogram slow_ages_;
  std::string wire_;
  Schedule schedule_{0, 1};
  double next_slow_read_ = 0;
  double measured_from_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t sent_measured_ = 0;
  std::uint64_t received_ = 0;
  std::size_t slow_ended_ = 0;
};

void AgeLoad::connect_all() {
  viewers_.reserve(1 + options_.connections + options_.slow);
  add(Reads::for_nobody);
  for (std::size_t i = 0; i < options_.connections; ++i) add(Reads::at_once);
  for (std::size_t i = 0; i < options_.slow; ++i) add(Reads::slowly);
}

void AgeLoad::add(Reads reads) {
  auto [connection, opening] = open_connection(target_, {0, reads == Reads::slowly});
  const std::size_t raw_size = options_.raw ? digits + filler_.size() : 0;
  viewers_.push_back({std::move(connection), reads, MessageReader(raw_size)});
  Viewer& viewer = viewers_.back();
  take(viewer, opening.early, now());
  if (reads != Reads::slowly) poller_.add(viewer.connection->descriptor(), &viewer);
}

void AgeLoad::send_due(double end) {
  const std::uint64_t due = schedule_.due(std::min(now(), end));
  for (; sent_ < due; ++sent_) send();
  simulation().flush();
}

void AgeLoad::send() {
  const double time = now();
  std::string text = std::to_string(static_cast<std::uint64_t>(time * 1e9));
  text = text.insert(0, digits - text.size(), '0') + filler_;
  wire_.clear();
  if (options_.raw) {
    wire_ = std::move(text);
  } else {
    append_masked_frame(wire_, text_frame, text, 0x12345678);
  }
  simulation().queue_copy(wire_);
  if (time >= measured_from_) ++sent_measured_;
}

// Waits for what comes, at most until something is due.
void AgeLoad::turn() {
  const double due = std::min(schedule_.time_of(sent_), next_slow_read_);
  const double wait = simulation().unsent().empty() ? std::max(0.0, due - now()) : 0.0;
  for (const epoll_event& event : poller_.wait(wait)) {
    receive(*static_cast<Viewer*>(event.data.ptr), buffer_.size());
  }
  if (now() >= next_slow_read_) read_slowly();
}

void AgeLoad::run_until(double time, double end) {
  while (now() < time && !options_.is_ended()) send_due(end), turn();
}

void AgeLoad::read_slowly() {
  next_slow_read_ = now() + slow_step;
  const auto most = static_cast<std::size_t>(options_.slow_rate * slow_step);
  for (Viewer& viewer : viewers_) {
    if (viewer.reads == Reads::slowly && viewer.connection) receive(viewer, most);
  }
}

void AgeLoad::receive(Viewer& viewer, std::size_t most) {
  const std::span<char> room = std::span(buffer_).first(std::min(most, buffer_.size()));
  const auto received =
      viewer.connection->receive(room, [&](std::string_view bytes) { take(viewer, bytes, now()); });
  if (received == Connection::Received::end || !viewer.reader.end().empty()) return end(viewer);
  viewer.connection->flush();
}

void AgeLoad::take(Viewer& viewer, std::string_view bytes, double time) {
  viewer.reader.append(bytes);
  while (viewer.reader.next()) note(viewer, time);
  const std::string pongs = viewer.reader.take_pongs();
  if (!pongs.empty()) viewer.connection->queue_copy(pongs);
}

void AgeLoad::end(Viewer& viewer) {
  if (viewer.reads != Reads::slowly) {
    const std::string& why = viewer.reader.end();
    give_up("the server ended a connection that reads what comes" +
            (why.empty() ? "" : ": " + why) + for_passing_servers);
  }
  viewer.connection.reset();
  ++slow_ended_;
}

void AgeLoad::note(const Viewer& viewer, double time) {
  const std::string_view message = viewer.reader.message();
  if (message.size() != digits + filler_.size() || message.substr(digits) != filler_) {
    give_up(quoted_bytes(message) + " came, which wasn't sent" + for_passing_servers);
  }
  const double sent = sent_at(message);
  if (sent < measured_from_ || viewer.reads == Reads::for_nobody) return;
  const bool is_slow = viewer.reads == Reads::slowly;
  (is_slow ? slow_ages_ : ages_).add(time - sent);
  if (!is_slow) ++received_;
}

Report AgeLoad::run() {
  const double start = now();
  schedule_ = Schedule(start, options_.rate);
  measured_from_ = start + options_.warm_up;
  const double end = measured_from_ + options_.seconds;
  run_until(measured_from_, end);
  const Reading first = meter_.read();
  run_until(end, end);
  const Reading last = meter_.read();
  const std::uint64_t messages = received_;
  const double until = now() + grace;
  const std::uint64_t owed = sent_measured_ * options_.connections;
  while (received_ < owed && now() < until && !options_.is_ended()) simulation().flush(), turn();
  Report report{meter_.figures(first, last, messages), std::move(ages_), "age"};
  append_percentiles(report.figures, report.times, "", "ms", 1e3);
  append_percentiles(report.figures, slow_ages_, "slow_", "ms", 1e3);
  report.figures.emplace_back("delivered",
                              static_cast<double>(received_) / static_cast<double>(owed));
  report.figures.emplace_back("slow_ended", static_cast<double>(slow_ended_));
  if (sent_measured_ > 0 && received_ == 0) {
    report.note = std::string("nothing came in time") + for_passing_servers;
  }
  return report;
}

}  // namespace

Report run_age_load(const LoadOptions& options) {
  AgeLoad load(options);
  load.connect_all();
  return load.run();
}

}  // namespace simws::load
