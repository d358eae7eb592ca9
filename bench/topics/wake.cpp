// What of `publish` is the system's, for waking the network's thread.
//
//     bench_topics_wake --steps 300 --size 10000
//
// A thread that steps each 5 ms, on a processor of its own where there are two, does in turn:
// nothing; wakes a thread on another processor that sleeps until an eventfd is written to, by that
// alone; publishes while the network's thread sleeps there; publishes while that one is at work;
// and once more at once. Prints the stepping thread's processor time for each, in microseconds, as
// JSON.
#include "dispatch/dispatcher.h"

#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using simws::dispatch::Dispatcher;
using simws::dispatch::EndpointId;
using simws::dispatch::Network;

constexpr auto pause_between = 5ms;

struct Silent final : simws::dispatch::EventHandler {
  void on_event(const simws::dispatch::Event&) override {}
};

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "bench_topics_wake: %s\n", what);
  std::exit(1);
}

std::vector<int> processors() {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) give_up("can't ask for the processors");
  std::vector<int> found;
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &allowed)) found.push_back(i);
  }
  return found;
}

// The calling thread.
void stay_on(int processor) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(processor, &only);
  if (sched_setaffinity(0, sizeof only, &only) != 0) give_up("can't choose a processor");
}

double spent() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// Sleeps until it's woken, as an event loop does, and does nothing then.
class Sleeper {
 public:
  explicit Sleeper(int processor)
      : wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    epoll_event event{};
    event.events = EPOLLIN;
    const bool is_set = epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) == 0;
    if (!is_set) give_up("the system has no descriptors left");
    thread_ = std::thread([this, processor] {
      stay_on(processor);
      sleep();
    });
  }
  ~Sleeper() {
    ends_ = true;
    wake();
    thread_.join();
    close(epoll_);
    close(wake_);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  void wake() const {
    const std::uint64_t one = 1;
    if (write(wake_, &one, sizeof one) != sizeof one) give_up("an eventfd can't be written to");
  }

 private:
  void sleep() const {
    while (!ends_) {
      epoll_event event{};
      epoll_wait(epoll_, &event, 1, -1);
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t size = read(wake_, &count, sizeof count);
    }
  }

  const int wake_;
  const int epoll_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

// Keeps the network's thread at work, until it's told to let it go.
class Work {
 public:
  explicit Work(Network& network) {
    network.post([this] {
      begun_ = true;
      while (!over_) {
      }
      ended_ = true;
    });
    while (!begun_) {
    }
  }
  ~Work() {
    over_ = true;
    while (!ended_) {
    }
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

 private:
  std::atomic<bool> begun_{false}, over_{false}, ended_{false};
};

class Costs {
 public:
  explicit Costs(const char* name) : name_(name) {}

  void measure(const std::function<void()>& work) {
    const double before = spent();
    work();
    all_.push_back(spent() - before);
  }
  void print() {
    std::ranges::sort(all_);
    std::printf("\"%s_p50_us\": %.2f, \"%s_p99_us\": %.2f, ", name_, at(50), name_, at(99));
  }

 private:
  double at(std::size_t percent) const { return all_[(all_.size() - 1) * percent / 100]; }

  const char* name_;
  std::vector<double> all_;
};

void run(std::size_t steps, std::size_t size) {
  const std::vector<int> free = processors();
  const Sleeper sleeper(free.back());
  Silent handler;
  Network network;
  Dispatcher dispatcher(network, handler);
  if (!network.drive_by_thread()) give_up("the system has no thread for the network");
  (void)network.call([&] { stay_on(free.back()); });
  simws::ServerOptions options;
  options.logger = [](simws::LogLevel, std::string_view) {};
  const auto server = dispatcher.start(0, std::move(options));
  if (!server) give_up(server.error().message.c_str());
  stay_on(free.front());
  const std::string data(size, ' ');
  const auto publish = [&] {
    if (!dispatcher.publish(*server, "state", data, simws::Opcode::binary, {})) give_up("publish");
  };
  Costs nothing("nothing"), bare("bare_wake"), asleep("asleep"), awake("awake"), again("again");
  for (std::size_t i = 0; i < steps; ++i) {
    std::this_thread::sleep_for(pause_between);
    nothing.measure([] {});
    std::this_thread::sleep_for(pause_between);
    bare.measure([&] { sleeper.wake(); });
    std::this_thread::sleep_for(pause_between);
    asleep.measure(publish);
    std::this_thread::sleep_for(pause_between);
    const Work work(network);
    awake.measure(publish);
    again.measure(publish);
  }
  std::printf("{");
  for (Costs* const costs : {&nothing, &bare, &asleep, &awake, &again}) costs->print();
  std::printf("\"steps\": %zu}\n", steps);
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t steps = 300, size = 10'000;
  CLI::App app("What of a publication the system takes to wake a thread.");
  app.add_option("--steps", steps, "of each kind")->check(CLI::PositiveNumber);
  app.add_option("--size", size, "of what is published, in bytes");
  CLI11_PARSE(app, argc, argv);
  run(steps, size);
}
