// A script that takes 50 µs for each message, under a flood: how long its passes take, how long
// the messages of other connections wait, and whether every message arrives, in order.
//
// Prints `listening <port>`, then `delivered` when the flood is, and, when the connections have
// closed, one line of JSON. The payload of a message is a letter and a number of 8 bytes: 'f' and
// its number in the flood of its connection, or 'o' and the time it was sent, in nanoseconds.
#include "base/clock.h"
#include "dispatch/dispatcher.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using simws::Clock;
using simws::Duration;
using simws::Seconds;
using simws::Time;
using simws::dispatch::Event;
using simws::dispatch::EventKind;

constexpr Seconds pass_budget{0.005};
constexpr Seconds step{0.05};
constexpr auto callback_time = std::chrono::microseconds(50);
// What a pass may take besides: after the last callback it tells the network what it handled, which
// is a system call.
constexpr Seconds reporting_time{0.00005};

double microseconds(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

std::uint64_t read_number(std::string_view data) {
  std::uint64_t number = 0;
  std::memcpy(&number, data.data() + 1, sizeof number);
  return number;
}

// How long this thread could have run and wasn't let by the system.
class Stolen {
 public:
  Stolen()
      : file_(std::fopen(("/proc/self/task/" + std::to_string(gettid()) + "/schedstat").c_str(),
                         "r")) {}
  ~Stolen() {
    if (file_) std::fclose(file_);
  }
  Stolen(const Stolen&) = delete;
  Stolen& operator=(const Stolen&) = delete;

  Duration read() {
    unsigned long long waited = 0;
    if (!file_) return {};
    std::rewind(file_);
    if (std::fflush(file_) != 0 || std::fscanf(file_, "%*u %llu", &waited) != 1) return {};
    return std::chrono::nanoseconds(waited);
  }

 private:
  std::FILE* file_;
};

class Script final : public simws::dispatch::EventHandler {
 public:
  void on_event(const Event& event) override {
    begun_ = Clock::now();
    if (event.kind == EventKind::open) ++connections;
    if (event.kind == EventKind::close) --connections;
    if (event.kind == EventKind::message) take(event);
    ended_ = Clock::now();
  }

  Duration last_callback() const { return ended_ - begun_; }

  std::uint64_t flood = 0;
  std::uint64_t out_of_order = 0;
  std::vector<Duration> latencies;
  std::size_t connections = 0;

 private:
  void take(const Event& event) {
    if (event.data.size() < 1 + sizeof(std::uint64_t)) return;
    const std::uint64_t number = read_number(event.data);
    if (event.data.front() == 'o') {
      const std::chrono::nanoseconds sent{static_cast<std::int64_t>(number)};
      latencies.push_back(begun_ - Time(std::chrono::duration_cast<Duration>(sent)));
    } else {
      ++flood;
      if (number != next_[event.connection]++) ++out_of_order;
    }
    while (Clock::now() - begun_ < callback_time) {
    }
  }

  std::map<simws::dispatch::ConnectionId, std::uint64_t> next_;
  Time begun_{};
  Time ended_{};
};

struct Passes {
  std::uint64_t count = 0;
  std::uint64_t over = 0;  // longer than the budget and a callback
  Duration longest{};
  Duration all{};
  Duration stolen{};
  Duration furthest_over = Duration::min();
};

// By how much a pass was longer than its budget and its last callback, or, where the system took
// the processor away, than its budget and a callback that nobody interrupts.
Duration excess(Duration taken, Duration stolen, Duration last_callback) {
  const Duration over = taken - std::chrono::duration_cast<Duration>(pass_budget);
  return std::min(over - last_callback, over - stolen - Duration(callback_time));
}

void make_pass(simws::dispatch::Dispatcher& dispatcher, const Script& script, Stolen& stolen,
               Passes& passes) {
  const Duration before = stolen.read();
  const Time begin = Clock::now();
  if (dispatcher.deliver(pass_budget) == 0) return;
  const Duration taken = Clock::now() - begin;
  const Duration lost = stolen.read() - before;
  const Duration over = excess(taken, lost, script.last_callback());
  ++passes.count;
  if (over > reporting_time) ++passes.over;
  passes.all += taken;
  passes.stolen += lost;
  passes.longest = std::max(passes.longest, taken);
  passes.furthest_over = std::max(passes.furthest_over, over);
}

void print(const Script& script, const Passes& passes) {
  std::vector<Duration> latencies = script.latencies;
  std::ranges::sort(latencies);
  const auto at = [&](double part) {
    if (latencies.empty()) return 0.0;
    const auto last = static_cast<double>(latencies.size() - 1);
    return microseconds(latencies[static_cast<std::size_t>(part * last)]);
  };
  std::printf(
      "{\"flood\": %llu, \"out_of_order\": %llu, \"others\": %zu, \"passes\": %llu, \"over\": "
      "%llu, "
      "\"stolen\": %.3f, \"longest_us\": %.1f, \"furthest_over_us\": %.1f, \"latency_median_us\": "
      "%.1f, "
      "\"latency_99_us\": %.1f, \"latency_max_us\": %.1f}\n",
      static_cast<unsigned long long>(script.flood),
      static_cast<unsigned long long>(script.out_of_order), latencies.size(),
      static_cast<unsigned long long>(passes.count), static_cast<unsigned long long>(passes.over),
      microseconds(passes.stolen) / microseconds(passes.all), microseconds(passes.longest),
      microseconds(passes.furthest_over), at(0.5), at(0.99), at(1));
}

int run(std::uint64_t messages) {
  Script script;
  simws::dispatch::Network network;
  simws::dispatch::Dispatcher dispatcher(network, script);
  simws::ServerOptions options;
  options.logger = [](simws::LogLevel level, std::string_view line) {
    if (level == simws::LogLevel::info) return;
    std::fprintf(stderr, "flood: %.*s\n", static_cast<int>(line.size()), line.data());
  };
  const auto driven = network.drive_by_thread();
  const auto server = dispatcher.start(0, std::move(options));
  if (!driven || !server) {
    const simws::Error& error = driven ? server.error() : driven.error();
    std::fprintf(stderr, "flood: %s\n", error.message.c_str());
    return 1;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  std::printf("listening %d\n", dispatcher.server_info(*server)->port);

  Stolen stolen;
  Passes passes;
  bool is_delivered = false;
  while (!is_delivered || script.connections > 0) {
    dispatcher.wait(step);
    make_pass(dispatcher, script, stolen, passes);
    if (script.flood < messages || std::exchange(is_delivered, true)) continue;
    std::printf("delivered\n");
  }
  print(script, passes);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2) return run(std::strtoull(argv[1], nullptr, 10));
  std::fprintf(stderr, "usage: flood <messages>\n");
  return 2;
}
