// Viewers that join late, one after the other within a second, and get what is retained.
//
//     bench_topics_joiners --port P --joiners 20 --keys 10000
//
// They ask for /late, read what comes and answer pings, until each has so many messages of 200
// bytes. Prints how long that took, in seconds, as JSON.
#include "load/handshake.h"
#include "topics/viewer.h"

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t retained_size = 200;

struct Joiner {
  bench::Viewer viewer;
  std::string answer = {};  // to the handshake, while it isn't whole
  bool is_open = false;
  std::size_t messages = 0;
};

class Load {
 public:
  Load(int port, std::size_t joiners, std::size_t keys)
      : port_(port), count_(joiners), keys_(keys), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    joiners_.reserve(joiners);
  }

  void run() {
    const Clock::time_point begun = Clock::now();
    while (done_ < count_) {
      const auto due =
          begun + std::chrono::nanoseconds(std::chrono::seconds(1)) * joiners_.size() / count_;
      const bool joins = joiners_.size() < count_;
      if (joins && Clock::now() >= due) join();
      const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
      take(joins ? static_cast<int>(std::max<std::int64_t>(wait.count(), 0)) : -1);
    }
    const std::chrono::duration<double> taken = Clock::now() - begun;
    std::printf("{\"seconds\": %.3f}\n", taken.count());
  }

 private:
  void join() {
    const int descriptor = bench::connect_to(port_);
    std::string request = bench::handshake_request(port_);
    request.replace(0, 5, "GET /late");
    if (::send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) < 0) bench::die("send");
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    joiners_.push_back({bench::Viewer(descriptor)});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &joiners_.back();
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void take(int milliseconds) {
    std::array<epoll_event, 64> events;
    const int size = static_cast<int>(events.size());
    const int count = epoll_wait(epoll_, events.data(), size, milliseconds);
    for (int i = 0; i < count; ++i) {
      read(*static_cast<Joiner*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }

  void read(Joiner& joiner) {
    const ssize_t size = recv(joiner.viewer.descriptor(), buffer_.data(), buffer_.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) bench::die("the server ended a connection that reads what comes");
    std::string_view bytes(buffer_.data(), static_cast<std::size_t>(size));
    if (!joiner.is_open) {
      joiner.answer.append(bytes);
      const std::size_t end = joiner.answer.find("\r\n\r\n");
      if (end == std::string::npos) return;
      bench::check_answer(joiner.answer);
      joiner.is_open = true;
      bytes = std::string_view(joiner.answer).substr(end + 4);
    }
    joiner.viewer.receive(bytes, [&](std::string_view message) {
      if (message.size() == retained_size && ++joiner.messages == keys_) ++done_;
    });
  }

  int port_;
  std::size_t count_;
  std::size_t keys_;
  int epoll_;
  std::vector<Joiner> joiners_;
  std::size_t done_ = 0;
  std::vector<char> buffer_ = std::vector<char>(1u << 18);
};

}  // namespace

int main(int argc, char** argv) {
  int port = 0;
  std::size_t joiners = 20, keys = 10'000;
  CLI::App app("Viewers that join late.");
  app.add_option("--port", port)->required();
  app.add_option("--joiners", joiners, "within a second");
  app.add_option("--keys", keys, "that are retained");
  CLI11_PARSE(app, argc, argv);
  Load(port, joiners, keys).run();
}
