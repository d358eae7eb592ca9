// Viewers of a stream: how old what they get is, and what it costs the server.
//
//     bench_topics_viewers --port P --server PID --viewers 1000 --stopped 1 --seconds 5
//
// Each message begins with the time when it was published, 20 digits of nanoseconds of the
// monotonic clock. Viewers read what comes and answer pings; those that have stopped read nothing.
// Prints figures as JSON: ages in milliseconds, deliveries a second, the server's processor time
// for each, and how busy this program itself was. `--hold`: then stays until standard input ends.
#include "load/handshake.h"
#include "load/meter.h"
#include "load/percentile.h"
#include "topics/viewer.h"

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t digits = 20;

struct Options {
  int port = 0;
  int server = 0;
  std::size_t viewers = 1000;
  std::size_t stopped = 0;
  double warm_up = 1;
  double seconds = 5;
  bool hold = false;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        meter_(options.server),
        epoll_(epoll_create1(EPOLL_CLOEXEC)),
        buffer_(1u << 20) {
    viewers_.reserve(options.viewers + options.stopped);
    for (std::size_t i = 0; i < options.viewers; ++i) add(true);
    for (std::size_t i = 0; i < options.stopped; ++i) add(false);
  }

  void run() {
    run_until(bench::now() + options_.warm_up);
    ages_.clear();
    const bench::Reading first = meter_.read();
    run_until(first.time + options_.seconds);
    const bench::Reading last = meter_.read();
    const auto figures = meter_.figures(first, last, ages_.size());
    std::ranges::sort(ages_);
    const auto age = [&](double share) {
      return ages_.empty() ? -1.0 : bench::percentile(ages_, share);
    };
    std::printf("{\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"per_second\": %.1f, ",
                age(0.5), age(0.99), age(1), static_cast<double>(ages_.size()) / options_.seconds);
    for (const auto& [name, value] : figures) std::printf("\"%s\": %.6f, ", name.c_str(), value);
    std::printf("\"server_memory\": %.0f}\n", meter_.memory());
    std::fflush(stdout);
  }

 private:
  void add(bool reads) {
    const int descriptor =
        reads ? bench::connect_to(options_.port) : bench::connect_with_small_window(options_.port);
    bench::open_websocket(descriptor, options_.port);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    viewers_.emplace_back(descriptor);
    if (!reads) return;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &viewers_.back();
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void run_until(double end) {
    std::array<epoll_event, 256> events;
    for (double time = bench::now(); time < end; time = bench::now()) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(std::ceil((end - time) * 1000)));
      for (int i = 0; i < count; ++i) {
        read(*static_cast<bench::Viewer*>(events[static_cast<std::size_t>(i)].data.ptr));
      }
    }
  }

  void read(bench::Viewer& viewer) {
    const ssize_t size = recv(viewer.descriptor(), buffer_.data(), buffer_.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) bench::die("the server ended a connection that reads what comes");
    const double time = bench::now();
    viewer.receive({buffer_.data(), static_cast<std::size_t>(size)}, [&](std::string_view message) {
      if (message.size() < digits) return;
      const double sent = std::stod(std::string(message.substr(0, digits))) * 1e-9;
      ages_.push_back((time - sent) * 1e3);
    });
  }

  const Options& options_;
  bench::Meter meter_;
  int epoll_;
  std::vector<char> buffer_;
  std::vector<bench::Viewer> viewers_;
  std::vector<double> ages_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Viewers of a stream.");
  app.add_option("--port", options.port)->required();
  app.add_option("--server", options.server, "process whose time and memory are measured");
  app.add_option("--viewers", options.viewers, "that read what comes");
  app.add_option("--stopped", options.stopped, "that read nothing");
  app.add_option("--warm-up", options.warm_up, "seconds");
  app.add_option("--seconds", options.seconds, "that are measured");
  app.add_flag("--hold", options.hold, "stay until standard input ends");
  CLI11_PARSE(app, argc, argv);
  Load load(options);
  load.run();
  if (options.hold) {
    while (std::getchar() != EOF) {
    }
  }
}
