// A thousand clients in one process, and a server that restarts: bench_client_reconnect [clients].
//
// All open, each gets an echo, the server goes and comes back at once, all come back and get an
// echo. Prints how they came back, and ends with exit code 1 when more came in some 50 ms than
// twice the mean between the first and the last: then the delays' jitter wouldn't do what it's for.
#include <simws/client.h>
#include <simws/server.h>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using simws::Seconds;

constexpr double goal = 2;  // times the mean
constexpr Seconds bin{0.05};
constexpr Seconds patience{30};

void die(const std::string& what) {
  std::fprintf(stderr, "bench_client_reconnect: %s\n", what.c_str());
  std::exit(2);
}

template <typename Made>
Made must(simws::Result<Made> made) {
  if (!made) die(made.error().message);
  return std::move(made).value();
}

void log_errors(simws::LogLevel level, std::string_view line) {
  if (level == simws::LogLevel::error) die(std::string(line));
}

class Crowd {
 public:
  explicit Crowd(std::size_t count) : count_(count) { raise_descriptor_limit(); }

  void open() {
    serve(0);
    for (std::size_t i = 0; i < count_; ++i) connect();
    wait("opened and got an echo");
  }

  // Their attempts, in seconds from when the server went.
  std::vector<double> restart() {
    echoes_ = 0;
    const int port = server_->info().port;
    const Clock::time_point gone = Clock::now();
    opened_.clear();
    server_.reset();
    serve(port);
    wait("came back");
    std::vector<double> attempts;
    for (const Clock::time_point at : opened_) attempts.push_back(Seconds(at - gone).count());
    std::ranges::sort(attempts);
    return attempts;
  }

 private:
  // Both ends of each connection, and some.
  void raise_descriptor_limit() const {
    const rlim_t needed = 2 * count_ + 100;
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= needed) return;
    limit.rlim_cur = std::min(needed, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }

  void serve(int port) {
    simws::ServerOptions options;
    options.logger = log_errors;
    simws::ServerHandlers handlers;
    handlers.message = [](simws::Connection& connection, std::string_view data,
                          simws::Opcode opcode) { (void)connection.send(data, opcode); };
    server_ = must(simws::Server::listen(loop_, port, std::move(options), std::move(handlers)));
  }

  void connect() {
    simws::ClientOptions options;
    options.reconnect = simws::Reconnect{};
    options.logger = log_errors;
    simws::ClientHandlers handlers;
    handlers.open = [this](simws::Connection& connection) {
      opened_.push_back(Clock::now());
      (void)connection.send("here again");
    };
    handlers.message = [this](simws::Connection&, std::string_view, simws::Opcode) {
      if (++echoes_ == count_) loop_.stop();
    };
    const std::string uri = "ws://127.0.0.1:" + std::to_string(server_->info().port) + "/";
    clients_.push_back(
        must(simws::Client::connect(loop_, uri, std::move(options), std::move(handlers))));
  }

  void wait(const char* what) {
    const Clock::time_point end =
        Clock::now() + std::chrono::duration_cast<Clock::duration>(patience);
    while (echoes_ < count_ && Clock::now() < end) loop_.poll(end - Clock::now());
    if (echoes_ != count_) die(std::to_string(echoes_) + " " + what);
    std::printf("%zu %s\n", count_, what);
  }

  const std::size_t count_;
  simws::EventLoop loop_;
  std::unique_ptr<simws::Server> server_;
  std::vector<std::unique_ptr<simws::Client>> clients_;
  std::vector<Clock::time_point> opened_;
  std::size_t echoes_ = 0;
};

// Times the mean.
double greatest_share(const std::vector<double>& attempts) {
  const double span = std::max(attempts.back() - attempts.front(), bin.count());
  std::vector<std::size_t> bins(static_cast<std::size_t>(span / bin.count()) + 1);
  for (const double at : attempts) {
    ++bins[static_cast<std::size_t>((at - attempts.front()) / bin.count())];
  }
  const double mean = static_cast<double>(attempts.size()) * bin.count() / span;
  return static_cast<double>(std::ranges::max(bins)) / mean;
}

}  // namespace

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::atol(argv[1]) : 1000;
  if (count < 1) die("a number of clients is wanted");
  Crowd crowd(static_cast<std::size_t>(count));
  crowd.open();
  const std::vector<double> attempts = crowd.restart();
  const double share = greatest_share(attempts);
  std::printf(
      "from %.3f s to %.3f s after the server went; at most %.2f times the mean in 50 ms (goal: at "
      "most %g)\n",
      attempts.front(), attempts.back(), share, goal);
  return share <= goal ? 0 : 1;
}
