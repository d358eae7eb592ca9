#include "load/age_load.h"

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
#include <cmath>
#include <string>
#include <vector>

namespace bench {
namespace {

constexpr double grace = 0.5;       // seconds for what is still under way at the end
constexpr double slow_step = 0.02;  // seconds between two reads of a slow viewer
constexpr std::uint8_t text_frame = 0x81;
constexpr std::size_t digits = 20;
enum class Reads { at_once, slowly, for_nobody };

struct Viewer {
  int descriptor;
  Reads reads;
  MessageReader reader;
};

class AgeLoad {
 public:
  explicit AgeLoad(const LoadOptions& options)
      : options_(options),
        meter_(options.server),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        buffer_(256u << 10),
        filler_(std::max(options.size, digits) - digits, '.') {}
  ~AgeLoad();
  AgeLoad(const AgeLoad&) = delete;
  AgeLoad& operator=(const AgeLoad&) = delete;

  void connect_all();
  Figures run();

 private:
  void add(int descriptor, Reads reads);
  void send_due(double end);
  void send();
  void flush();
  void turn();
  void run_until(double time, double end);
  void read_slowly();
  void receive(Viewer& viewer, std::size_t most);
  void end(Viewer& viewer);
  void take(const Viewer& viewer, double time);

  const LoadOptions& options_;
  Meter meter_;
  int epoll_;
  std::vector<char> buffer_;
  std::string filler_;
  std::vector<Viewer> viewers_;  // the first one is the simulation's connection
  std::vector<double> ages_;
  std::vector<double> slow_ages_;
  std::string unsent_;
  Schedule schedule_{0, 1};
  double next_slow_read_ = 0;
  double measured_from_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t sent_measured_ = 0;
  std::uint64_t received_ = 0;
  std::size_t slow_ended_ = 0;
};

AgeLoad::~AgeLoad() {
  for (const Viewer& viewer : viewers_) {
    if (viewer.descriptor >= 0) close(viewer.descriptor);
  }
  close(epoll_);
}

void AgeLoad::connect_all() {
  viewers_.reserve(1 + options_.connections + options_.slow);
  add(connect_to(options_.port), Reads::for_nobody);
  for (std::size_t i = 0; i < options_.connections; ++i) {
    add(connect_to(options_.port), Reads::at_once);
  }
  for (std::size_t i = 0; i < options_.slow; ++i) {
    add(connect_with_small_window(options_.port), Reads::slowly);
  }
}

void AgeLoad::add(int descriptor, Reads reads) {
  if (!options_.raw) open_websocket(descriptor, options_.port);
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  const std::size_t raw_size = options_.raw ? digits + filler_.size() : 0;
  viewers_.push_back({descriptor, reads, MessageReader(raw_size)});
  if (reads == Reads::slowly) return;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &viewers_.back();
  epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

void AgeLoad::send_due(double end) {
  const std::uint64_t due = schedule_.due(std::min(now(), end));
  for (; sent_ < due; ++sent_) send();
  flush();
}

void AgeLoad::send() {
  const double time = now();
  std::string text = std::to_string(static_cast<std::uint64_t>(time * 1e9));
  text = text.insert(0, digits - text.size(), '0') + filler_;
  if (options_.raw) {
    unsent_ += text;
  } else {
    append_masked_frame(unsent_, text_frame, text, 0x12345678);
  }
  if (time >= measured_from_) ++sent_measured_;
}

void AgeLoad::flush() {
  if (unsent_.empty()) return;
  const ssize_t size = ::send(viewers_[0].descriptor, unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (size < 0 && errno != EAGAIN) die("can't send");
  if (size > 0) unsent_.erase(0, static_cast<std::size_t>(size));
}

// Waits for what comes, at most until something is due.
void AgeLoad::turn() {
  const double due = std::min(schedule_.time_of(sent_), next_slow_read_);
  const double wait = unsent_.empty() ? std::max(0.0, due - now()) : 0.0;
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                               static_cast<int>(std::ceil(wait * 1000)));
  if (count < 0 && errno != EINTR) die("can't wait");
  for (int i = 0; i < count; ++i) {
    receive(*static_cast<Viewer*>(events[static_cast<std::size_t>(i)].data.ptr), buffer_.size());
  }
  if (now() >= next_slow_read_) read_slowly();
}

void AgeLoad::run_until(double time, double end) {
  while (now() < time) send_due(end), turn();
}

void AgeLoad::read_slowly() {
  next_slow_read_ = now() + slow_step;
  const auto most = static_cast<std::size_t>(options_.slow_rate * slow_step);
  for (Viewer& viewer : viewers_) {
    if (viewer.reads == Reads::slowly && viewer.descriptor >= 0) receive(viewer, most);
  }
}

void AgeLoad::receive(Viewer& viewer, std::size_t most) {
  const ssize_t size = recv(viewer.descriptor, buffer_.data(), std::min(most, buffer_.size()), 0);
  if (size < 0 && errno == EAGAIN) return;
  if (size <= 0) return end(viewer);
  const double time = now();
  viewer.reader.append({buffer_.data(), static_cast<std::size_t>(size)});
  while (viewer.reader.next()) take(viewer, time);
}

void AgeLoad::end(Viewer& viewer) {
  if (viewer.reads != Reads::slowly) die("the server ended a connection that reads what comes");
  close(viewer.descriptor);
  viewer.descriptor = -1;
  ++slow_ended_;
}

void AgeLoad::take(const Viewer& viewer, double time) {
  const std::string_view message = viewer.reader.message();
  if (message.size() != digits + filler_.size() || message.substr(digits) != filler_) {
    errno = 0;
    die("another message than was sent");
  }
  const double sent = std::stod(std::string(message.substr(0, digits))) * 1e-9;
  if (sent < measured_from_ || viewer.reads == Reads::for_nobody) return;
  const bool is_slow = viewer.reads == Reads::slowly;
  (is_slow ? slow_ages_ : ages_).push_back((time - sent) * 1e3);
  if (!is_slow) ++received_;
}

Figures AgeLoad::run() {
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
  while (received_ < owed && now() < until) flush(), turn();
  Figures figures = meter_.figures(first, last, messages);
  figures.insert(figures.end(),
                 {{"p50_ms", percentile(ages_, 0.5)},
                  {"p99_ms", percentile(ages_, 0.99)},
                  {"max_ms", percentile(ages_, 1)},
                  {"slow_p50_ms", percentile(slow_ages_, 0.5)},
                  {"slow_p99_ms", percentile(slow_ages_, 0.99)},
                  {"delivered", static_cast<double>(received_) / static_cast<double>(owed)},
                  {"slow_ended", static_cast<double>(slow_ended_)}});
  return figures;
}

}  // namespace

Figures run_age_load(const LoadOptions& options) {
  AgeLoad load(options);
  load.connect_all();
  return load.run();
}

}  // namespace bench
