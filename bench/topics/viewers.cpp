// Viewers of a stream: how old what they get is, and what it costs the server.
//
//     bench_topics_viewers --port P --server PID --viewers 1000 --stopped 1 --seconds 5
//
// Each message begins with the time when it was published, 20 digits of nanoseconds of the
// monotonic clock, and its number, 10 digits behind a space. Viewers read what comes and answer
// pings; those that have stopped read nothing. With --topic they subscribe by simws.topics.1; else
// the server does it for them. Prints figures as JSON: ages in milliseconds, deliveries a second,
// the server's processor time for each, and how busy this program itself was. `--hold`: then stays
// until standard input ends.
#include "host/load/histogram.h"
#include "host/load/meter.h"
#include "host/load/stamp.h"
#include "topics/viewer.h"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace simws::load;

struct Options {
  int port = 0;
  int server = 0;
  std::size_t viewers = 1000;
  std::size_t stopped = 0;
  double warm_up = 1;
  double seconds = 5;
  std::string topic;
  std::string policy = "latest";
  bool hold = false;
};

void show(const Options& options, const Histogram& ages, std::size_t missing,
          const Figures& figures, double memory) {
  const auto age = [&](double share) {
    return ages.count() == 0 ? -1.0 : ages.percentile(share) * 1e3;
  };
  std::printf("{\"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f, \"per_second\": %.1f, ",
              age(0.5), age(0.99), age(1), static_cast<double>(ages.count()) / options.seconds);
  for (const auto& [name, value] : figures) std::printf("\"%s\": %.6f, ", name.c_str(), value);
  std::printf("\"messages\": %zu, \"missing\": %zu, \"server_memory\": %.0f}\n",
              static_cast<std::size_t>(ages.count()), missing, memory);
  std::fflush(stdout);
}

// How many messages the viewer hasn't got between the one before and this.
std::size_t missing_before(bench::Viewer& viewer, std::string_view message) {
  constexpr std::size_t begin = 21, size = 10;
  if (message.size() < begin + size) return 0;
  const auto number = static_cast<std::size_t>(
      std::strtoull(std::string(message.substr(begin, size)).c_str(), nullptr, 10));
  const std::size_t expected = std::exchange(viewer.next, number + 1);
  return expected > 0 && number > expected ? number - expected : 0;
}

std::string subscription(const Options& options) {
  if (options.topic.empty()) return {};
  return "[\"subscribe\",\"" + options.topic + "\",{\"policy\":\"" + options.policy + "\"}]";
}

void run(const Options& options) {
  Meter meter(options.server);
  Histogram ages;
  std::size_t missing = 0;
  bench::Viewers viewers(
      options.port, "/", options.viewers + options.stopped,
      [&](bench::Viewer& viewer, std::string_view message) {
        const auto stamp = stamp_of(message);
        if (!stamp) return;
        ages.add(age_of(*stamp));
        missing += missing_before(viewer, message);
      },
      subscription(options));
  for (std::size_t i = 0; i < options.viewers; ++i) viewers.add();
  for (std::size_t i = 0; i < options.stopped; ++i) viewers.add(false);
  const auto run_until = [&](double end) {
    for (double time = now(); time < end; time = now()) viewers.read(end - time);
  };
  run_until(now() + options.warm_up);
  ages = {};
  missing = 0;
  const Reading first = meter.read();
  run_until(first.time + options.seconds);
  const Reading last = meter.read();
  show(options, ages, missing, meter.figures(first, last, ages.count()), meter.memory());
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
  app.add_option("--topic", options.topic, "that they subscribe to by themselves");
  app.add_option("--policy", options.policy, "of that");
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
