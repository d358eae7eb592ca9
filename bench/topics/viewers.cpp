// Viewers of a stream: how old what they get is, and what it costs the server.
//
//     bench_topics_viewers --port P --server PID --viewers 1000 --stopped 1 --seconds 5
//
// Each message begins with the time when it was published, 20 digits of nanoseconds of the
// monotonic clock. Viewers read what comes and answer pings; those that have stopped read nothing.
// Prints figures as JSON: ages in milliseconds, deliveries a second, the server's processor time
// for each, and how busy this program itself was. `--hold`: then stays until standard input ends.
#include "host/load/histogram.h"
#include "host/load/meter.h"
#include "host/load/stamp.h"
#include "topics/viewer.h"

#include <CLI/CLI.hpp>

#include <cstdio>

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

void show(const Options& options, const Histogram& ages, const Figures& figures, double memory) {
  const auto age = [&](double share) {
    return ages.count() == 0 ? -1.0 : ages.percentile(share) * 1e3;
  };
  std::printf("{\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"per_second\": %.1f, ",
              age(0.5), age(0.99), age(1), static_cast<double>(ages.count()) / options.seconds);
  for (const auto& [name, value] : figures) std::printf("\"%s\": %.6f, ", name.c_str(), value);
  std::printf("\"server_memory\": %.0f}\n", memory);
  std::fflush(stdout);
}

void run(const Options& options) {
  Meter meter(options.server);
  Histogram ages;
  bench::Viewers viewers(options.port, "/", options.viewers + options.stopped,
                         [&](bench::Viewer& viewer) {
                           const auto stamp = stamp_of(viewer.reader.message());
                           if (stamp) ages.add(age_of(*stamp));
                         });
  for (std::size_t i = 0; i < options.viewers; ++i) viewers.add();
  for (std::size_t i = 0; i < options.stopped; ++i) viewers.add(false);
  const auto run_until = [&](double end) {
    for (double time = now(); time < end; time = now()) viewers.read(end - time);
  };
  run_until(now() + options.warm_up);
  ages = {};
  const Reading first = meter.read();
  run_until(first.time + options.seconds);
  const Reading last = meter.read();
  show(options, ages, meter.figures(first, last, ages.count()), meter.memory());
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
