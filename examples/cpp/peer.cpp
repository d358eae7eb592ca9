// Two simulations that exchange their states over one connection. Each goes on when the other is
// away, and they find each other again, whichever of them was restarted.
//
//     ./peer 9000                    the one that serves
//     ./peer ws://localhost:9000     the one that connects
//
// Each swings a pendulum, and a spring joins the two: one hands its swing to the other and gets it
// back. The peers in ../lua and ../python say the same, so any two of them make a pair.
#include <simws/client.h>
#include <simws/server.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace {

constexpr double time_step = 0.05;  // seconds
constexpr double stiffness = 2;     // of the spring, 1/s^2

class Pendulum {
 public:
  explicit Pendulum(double angle) : angle_(angle) {}

  void step(std::optional<double> other) {
    const double pull = other ? stiffness * (*other - angle_) : 0;
    speed_ += (pull - 9.81 * std::sin(angle_)) * time_step;
    angle_ += speed_ * time_step;
  }
  double angle() const { return angle_; }

 private:
  double angle_;
  double speed_ = 0;
};

std::optional<double> parse_angle(std::string_view text) {
  double angle = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), angle);
  const bool is_angle =
      error == std::errc() && end == text.data() + text.size() && std::abs(angle) <= 7;
  return is_angle ? std::optional(angle) : std::nullopt;
}

// What is at the other end, be it a server's client or a client's server.
class Peer {
 public:
  simws::Result<void> serve(simws::EventLoop& loop, int port) {
    auto server = simws::Server::listen(loop, port, {}, make_handlers<simws::ServerHandlers>());
    if (!server) return std::move(server).error();
    server_ = std::move(server).value();
    return {};
  }

  simws::Result<void> connect(simws::EventLoop& loop, std::string_view uri) {
    simws::ClientOptions options;
    options.reconnect.emplace().max = simws::Seconds{2};
    auto client =
        simws::Client::connect(loop, uri, options, make_handlers<simws::ClientHandlers>());
    if (!client) return std::move(client).error();
    client_ = std::move(client).value();
    return {};
  }

  // Only the newest state counts: while the one before still waits, this one isn't sent. Nor is it
  // while the other is away, as nobody is connected then.
  void tell(double angle) {
    char text[32];
    const int size = std::snprintf(text, sizeof text, "%.4f", angle);
    for (simws::Connection* const connection : connections_) {
      if (connection->queued_bytes() > 0) continue;
      (void)connection->send({text, static_cast<std::size_t>(size)});
    }
  }

  // Nothing: it's away, or has not said it yet.
  std::optional<double> angle() const { return angle_; }

 private:
  template <typename Handlers>
  Handlers make_handlers() {
    Handlers handlers;
    handlers.open = [this](simws::Connection& connection) {
      connections_.insert(&connection);
      std::puts("the other is here");
    };
    handlers.message = [this](simws::Connection&, std::string_view data, simws::Opcode) {
      if (const auto angle = parse_angle(data)) angle_ = angle;
    };
    handlers.close = [this](simws::Connection& connection) {
      connections_.erase(&connection);
      if (!connections_.empty()) return;
      angle_.reset();
      std::puts("the other is away");
    };
    return handlers;
  }

  std::set<simws::Connection*> connections_;
  std::optional<double> angle_;
  std::unique_ptr<simws::Server> server_;
  std::unique_ptr<simws::Client> client_;
};

void report(double time, double angle, std::optional<double> other) {
  std::printf("%.0f s: %+.2f, the other ", time, angle);
  if (!other) {
    std::puts("silent");
  } else {
    std::printf("%+.2f\n", *other);
  }
}

[[noreturn]] void simulate(simws::EventLoop& loop, Peer& peer, Pendulum pendulum) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  for (int steps = 1;; ++steps) {
    const simws::Seconds time{steps * time_step};
    pendulum.step(peer.angle());
    peer.tell(pendulum.angle());
    if (steps % 20 == 0) report(time.count(), pendulum.angle(), peer.angle());
    for (;;) {
      const simws::Seconds left = begun + time - Clock::now();
      if (left <= simws::Seconds::zero()) break;
      loop.poll(left);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  const std::string where = argc > 1 ? argv[1] : "9000";
  const bool serves = where.find_first_not_of("0123456789") == where.npos;
  simws::EventLoop loop;
  Peer peer;
  const auto begun =
      serves ? peer.serve(loop, std::atoi(where.c_str())) : peer.connect(loop, where);
  if (!begun) {
    std::fprintf(stderr, "%s\n", begun.error().message.c_str());
    return 1;
  }
  simulate(loop, peer, Pendulum(serves ? 1 : 0));
}
