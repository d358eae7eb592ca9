// Viewers of a stream: how old what they get is, and what it costs the server.
//
//     bench_topics_viewers --port P --server PID --viewers 1000 --stopped 1 --seconds 5
//
// Each message begins with the time when it was published, 20 digits of nanoseconds of the
// monotonic clock. Viewers read what comes and answer pings; those that have stopped read nothing.
// Prints figures as JSON: ages in milliseconds, deliveries a second, the server's processor time
// for each, and how busy this program itself was. `--hold`: then stays until standard input ends.
#include "host/load/failure.h"
#include "host/load/histogram.h"
#include "host/load/message_reader.h"
#include "host/load/meter.h"
#include "host/load/opening.h"
#include "host/load/poller.h"
#include "host/load/stamp.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace simws::load;

struct Options {
  int port = 0;
  int server = 0;
  std::size_t viewers = 1000;
  std::size_t stopped = 0;
  double warm_up = 1;
  double seconds = 5;
  bool hold = false;
};

LoadOptions load_options(const Options& options) {
  LoadOptions load;
  load.uri = "ws://127.0.0.1:" + std::to_string(options.port) + "/";
  return load;
}

struct Viewer {
  Connection connection;
  MessageReader reader;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        load_options_(load_options(options)),
        target_(load_options_),
        meter_(options.server),
        buffer_(1u << 20) {
    viewers_.reserve(options.viewers + options.stopped);
    for (std::size_t i = 0; i < options.viewers; ++i) add(true);
    for (std::size_t i = 0; i < options.stopped; ++i) add(false);
  }

  void run() {
    run_until(now() + options_.warm_up);
    ages_ = {};
    const Reading first = meter_.read();
    run_until(first.time + options_.seconds);
    const Reading last = meter_.read();
    const auto figures = meter_.figures(first, last, ages_.count());
    const auto age = [&](double share) {
      return ages_.count() == 0 ? -1.0 : ages_.percentile(share) * 1e3;
    };
    std::printf("{\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"per_second\": %.1f, ",
                age(0.5), age(0.99), age(1), static_cast<double>(ages_.count()) / options_.seconds);
    for (const auto& [name, value] : figures) std::printf("\"%s\": %.6f, ", name.c_str(), value);
    std::printf("\"server_memory\": %.0f}\n", meter_.memory());
    std::fflush(stdout);
  }

 private:
  void add(bool reads) {
    auto [connection, opening] = open_connection(target_, {0, !reads});
    viewers_.push_back({std::move(connection), {}});
    Viewer& viewer = viewers_.back();
    if (!reads) return;
    take(viewer, opening.early);
    poller_.add(viewer.connection.descriptor(), &viewer);
  }

  void run_until(double end) {
    for (double time = now(); time < end; time = now()) {
      for (const epoll_event& event : poller_.wait(end - time)) {
        read(*static_cast<Viewer*>(event.data.ptr));
      }
    }
  }

  void read(Viewer& viewer) {
    const auto received =
        viewer.connection.receive(buffer_, [&](std::string_view bytes) { take(viewer, bytes); });
    if (received == Connection::Received::end || !viewer.reader.end().empty()) {
      give_up("the server ended a connection that reads what comes");
    }
    viewer.connection.flush();
  }

  void take(Viewer& viewer, std::string_view bytes) {
    viewer.reader.append(bytes);
    while (viewer.reader.next()) {
      if (const auto stamp = stamp_of(viewer.reader.message())) ages_.add(age_of(*stamp));
    }
    const std::string pongs = viewer.reader.take_pongs();
    if (!pongs.empty()) viewer.connection.queue_copy(pongs);
  }

  const Options& options_;
  const LoadOptions load_options_;
  Target target_;
  Meter meter_;
  Poller poller_;
  std::vector<char> buffer_;
  std::vector<Viewer> viewers_;
  Histogram ages_;
};

void run(const Options& options) {
  Load load(options);
  load.run();
  if (options.hold) {
    while (std::getchar() != EOF) {
    }
  }
}

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
  try {
    run(options);
    return 0;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "bench_topics_viewers: %s\n", failure.what.c_str());
    return 1;
  }
}
