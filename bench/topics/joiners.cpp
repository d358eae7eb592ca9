// Viewers that join late, one after the other within a second, and get what is retained.
//
//     bench_topics_joiners --port P --joiners 20 --keys 10000
//
// They ask for /late, read what comes and answer pings, until each has so many messages of 200
// bytes. Prints how long that took from the first one's beginning, in seconds, as JSON.
#include "host/load/meter.h"
#include "topics/viewer.h"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdio>
#include <string_view>

namespace {

using namespace simws::load;

constexpr std::size_t retained_size = 200;

struct Options {
  int port = 0;
  std::size_t joiners = 20;
  std::size_t keys = 10'000;
};

// Seconds until all have all.
double run(const Options& options) {
  std::size_t done = 0;
  bench::Viewers viewers(options.port, "/late", options.joiners,
                         [&](bench::Viewer& viewer, std::string_view message) {
                           if (message.size() != retained_size) return;
                           if (++viewer.messages == options.keys) ++done;
                         });
  const double begun = now();
  while (done < options.joiners) {
    const bool is_joining = viewers.size() < options.joiners;
    const double due =
        begun + static_cast<double>(viewers.size()) / static_cast<double>(options.joiners);
    if (is_joining && now() >= due) viewers.add();
    viewers.read(is_joining ? due - now() : 1);
  }
  return now() - begun;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Viewers that join late.");
  app.add_option("--port", options.port)->required();
  app.add_option("--joiners", options.joiners, "within a second");
  app.add_option("--keys", options.keys, "that are retained");
  CLI11_PARSE(app, argc, argv);
  try {
    std::printf("{\"seconds\": %.3f}\n", run(options));
    return 0;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "bench_topics_joiners: %s\n", failure.what.c_str());
    return 1;
  }
}
