// Streams a pose to whoever connects, and keeps the map for those who come later.
//
//     ./topics [port]
//
// A viewer that can't take every pose gets the newest one; the simulation never waits for it.
#include <simws/server.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr simws::Seconds period{1.0 / 60};

std::string pose(double seconds) {
  char text[64];
  std::snprintf(text, sizeof text, "pose %.3f %.3f", std::cos(seconds), std::sin(seconds));
  return text;
}

void serve_until(simws::EventLoop& loop, std::chrono::steady_clock::time_point time) {
  for (;;) {
    const simws::Seconds left = time - std::chrono::steady_clock::now();
    if (left <= simws::Seconds::zero()) return;
    loop.poll(left);
  }
}

}  // namespace

int main(int argc, char** argv) {
  simws::EventLoop loop;
  simws::Server* running = nullptr;
  simws::ServerHandlers handlers;
  handlers.open = [&running](simws::Connection& connection) {
    simws::SubscriptionOptions newest;
    newest.policy = simws::TopicPolicy::latest;
    (void)running->subscribe(connection, "pose", newest);
    (void)running->subscribe(connection, "map");
  };
  simws::ServerOptions options;
  options.topics = {"#"};  // pages may subscribe by themselves
  auto server = simws::Server::listen(loop, argc > 1 ? std::atoi(argv[1]) : 9000,
                                      std::move(options), std::move(handlers));
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  running = server->get();
  simws::PublishOptions wall;
  wall.key = "north";
  wall.retain = true;
  (void)running->publish("map", "map north 0 5 5 5", simws::Opcode::text, wall);
  const auto begun = std::chrono::steady_clock::now();
  for (int step = 1;; ++step) {
    const simws::Seconds time = step * period;
    (void)running->publish("pose", pose(time.count()));
    serve_until(loop, begun + std::chrono::duration_cast<std::chrono::nanoseconds>(time));
  }
}
