// A server with the inspector and 2,000 topics that echoes, and says each second what its turns
// took: bench_inspector_turns <port> echo. A line "turns COUNT longest MICROSECONDS long COUNT" has
// of the last second how many turns there were, the longest, and how many took over a millisecond:
// of the processor, so that other programs don't count.
#include "peers/arguments.h"

#include <simws/server.h>

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

constexpr int topics = 2000;
constexpr long long millisecond = 1000000;

long long nanoseconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * 1000LL * millisecond + now.tv_nsec;
}

// Of the calling thread's processor time.
class Turns {
 public:
  void add(long long took) {
    ++count_;
    longest_ = std::max(longest_, took);
    if (took > millisecond) ++long_;
  }
  void print_each_second() {
    const long long now = nanoseconds(CLOCK_MONOTONIC);
    if (now < next_) return;
    next_ = now + 1000 * millisecond;
    std::printf("turns %lld longest %lld long %lld\n", count_, longest_ / 1000, long_);
    std::fflush(stdout);
    count_ = longest_ = long_ = 0;
  }

 private:
  long long count_ = 0;
  long long longest_ = 0;
  long long long_ = 0;
  long long next_ = 0;
};

std::string topic(int number) {
  return "robots/" + std::to_string(number) + "/pose";
}

}  // namespace

int main(int argc, char** argv) {
  const bench::PeerArguments arguments = bench::peer_arguments(argc, argv);
  simws::EventLoop loop;
  simws::ServerHandlers handlers;
  int next = 0;
  std::unique_ptr<simws::Server> server;
  handlers.message = [&](simws::Connection& connection, std::string_view data,
                         simws::Opcode opcode) {
    (void)connection.send(data, opcode);
    (void)server->publish(topic(next++ % topics), data, opcode);
  };
  simws::ServerOptions options;
  options.max_connections = 20000;
  options.inspector = true;
  options.logger = [](simws::LogLevel, std::string_view) {};
  auto started =
      simws::Server::listen(loop, arguments.port, std::move(options), std::move(handlers));
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    return 1;
  }
  server = std::move(*started);
  for (int i = 0; i < topics; ++i) {
    (void)server->publish(topic(i), "{}", simws::Opcode::text, {.key = {}, .retain = true});
  }
  bench::print_port(server->info().port);
  for (Turns turns;;) {
    const long long before = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    loop.poll(simws::Seconds{0.5});
    turns.add(nanoseconds(CLOCK_THREAD_CPUTIME_ID) - before);
    turns.print_each_second();
  }
}
