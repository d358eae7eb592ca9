// Viewers that join late, one after the other within a second, and get what is retained.
//
//     bench_topics_joiners --port P --joiners 20 --keys 10000
//
// They ask for /late, read what comes and answer pings, until each has so many messages of 200
// bytes. Prints how long that took from the first one's beginning, in seconds, as JSON.
#include "host/load/failure.h"
#include "host/load/message_reader.h"
#include "host/load/meter.h"
#include "host/load/opening.h"
#include "host/load/poller.h"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace simws::load;

constexpr std::size_t retained_size = 200;

struct Options {
  int port = 0;
  std::size_t joiners = 20;
  std::size_t keys = 10'000;
};

LoadOptions load_options(const Options& options) {
  LoadOptions load;
  load.uri = "ws://127.0.0.1:" + std::to_string(options.port) + "/late";
  return load;
}

struct Joiner {
  Connection connection;
  MessageReader reader;
  std::size_t messages = 0;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options),
        load_options_(load_options(options)),
        target_(load_options_),
        buffer_(1u << 18) {
    joiners_.reserve(options.joiners);
  }

  double run() {
    const double begun = now();
    while (done_ < options_.joiners) {
      const bool is_joining = joiners_.size() < options_.joiners;
      const double due =
          begun + static_cast<double>(joiners_.size()) / static_cast<double>(options_.joiners);
      if (is_joining && now() >= due) join();
      for (const epoll_event& event : poller_.wait(is_joining ? due - now() : 1)) {
        read(*static_cast<Joiner*>(event.data.ptr));
      }
    }
    return now() - begun;
  }

 private:
  void join() {
    auto [connection, opening] = open_connection(target_);
    joiners_.push_back({std::move(connection), {}});
    Joiner& joiner = joiners_.back();
    take(joiner, opening.early);
    poller_.add(joiner.connection.descriptor(), &joiner);
  }

  void read(Joiner& joiner) {
    const auto received =
        joiner.connection.receive(buffer_, [&](std::string_view bytes) { take(joiner, bytes); });
    if (received == Connection::Received::end || !joiner.reader.end().empty()) {
      give_up("the server ended a connection that reads what comes");
    }
    joiner.connection.flush();
  }

  void take(Joiner& joiner, std::string_view bytes) {
    joiner.reader.append(bytes);
    while (joiner.reader.next()) {
      if (joiner.reader.message().size() != retained_size) continue;
      if (++joiner.messages == options_.keys) ++done_;
    }
    const std::string pongs = joiner.reader.take_pongs();
    if (!pongs.empty()) joiner.connection.queue_copy(pongs);
  }

  const Options& options_;
  const LoadOptions load_options_;
  Target target_;
  Poller poller_;
  std::vector<char> buffer_;
  std::vector<Joiner> joiners_;
  std::size_t done_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Viewers that join late.");
  app.add_option("--port", options.port)->required();
  app.add_option("--joiners", options.joiners, "within a second");
  app.add_option("--keys", options.keys, "that are retained");
  CLI11_PARSE(app, argc, argv);
  try {
    std::printf("{\"seconds\": %.3f}\n", Load(options).run());
    return 0;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "bench_topics_joiners: %s\n", failure.what.c_str());
    return 1;
  }
}
