// A dispatcher on a real loop, a script that writes down what it hears, and plain clients.
#pragma once

#include "base/restored.h"
#include "dispatch/dispatcher.h"
#include "dispatch/test_client.h"

#include <simws/options.h>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::dispatch::test {

using Words = std::vector<std::string>;

// Runs the whole table of tests on both ways to drive the network.
enum class Drive { network_thread, own_thread };

inline auto both_drives() {
  return testing::Values(Drive::network_thread, Drive::own_thread);
}
inline std::string drive_name(const testing::TestParamInfo<Drive>& drive) {
  return drive.param == Drive::own_thread ? "OwnThread" : "NetworkThread";
}

class DispatcherTest : public testing::TestWithParam<Drive>, public EventHandler {
 protected:
  void on_event(const Event& event) override {
    EXPECT_FALSE(in_event_ && !in_stop) << "one event at a time";
    const Restored<bool> in_event(in_event_, true);
    note(event);
    if (also) also(event);
  }

  void note(const Event& event) {
    const std::string id = std::to_string(event.connection);
    switch (event.kind) {
      case EventKind::open:
        return events.push_back("open " + id);
      case EventKind::fail:
        return events.push_back("fail " + id);
      case EventKind::message:
        return events.push_back("message " + id + " " + std::string(event.data));
      case EventKind::http:
        return events.push_back("http " + id + " " + std::string(event.method) + " " +
                                std::string(event.resource));
      case EventKind::upgrade:
        return events.push_back("upgrade " + id + " " + std::string(event.resource));
      case EventKind::drop:
        return events.push_back("drop " + id + " " + std::string(event.topic));
      case EventKind::close: {
        const auto info = dispatcher.connection_info(event.endpoint, event.connection);
        ASSERT_TRUE(info) << "it still answers";
        return events.push_back("close " + id + " " +
                                std::to_string(static_cast<int>(*info->close_code)) +
                                (info->clean ? " clean" : ""));
      }
    }
  }

  // A thread drives the network, but while `serve` does.
  EndpointId start(ServerOptions options = {}) {
    EXPECT_TRUE(network.drive_by_thread());
    return start_undriven(std::move(options));
  }

  // Nobody drives it but who did before.
  EndpointId start_undriven(ServerOptions options) {
    options.logger = [this](LogLevel level, std::string_view line) {
      const std::lock_guard lock(log_mutex);
      if (level != LogLevel::info) log.emplace_back(line);
    };
    const auto server = dispatcher.start(0, std::move(options));
    EXPECT_TRUE(server) << server.error().message;
    return *server;
  }

  int port(EndpointId server) { return dispatcher.server_info(server)->port; }

  // Lets things happen until `done`, ten seconds at most.
  void run_until(const std::function<bool()>& done) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!done() && std::chrono::steady_clock::now() < end) {
      if (GetParam() == Drive::own_thread) {
        dispatcher.serve(Seconds{0.01});
      } else {
        dispatcher.wait(Seconds{0.01});
        dispatcher.deliver(Seconds{0.005});
      }
    }
    EXPECT_TRUE(done());
  }

  void run_until_events(std::size_t count) {
    run_until([&] { return events.size() >= count; });
  }

  TestClient open(EndpointId server) {
    TestClient client(port(server));
    const std::size_t before = events.size();
    client.send_handshake();
    run_until_events(before + 1);
    client.read_until("\r\n\r\n");
    return client;
  }

  void stop(EndpointId server) {
    const bool outer = std::exchange(in_stop, true);
    EXPECT_TRUE(dispatcher.stop(server));
    in_stop = outer;
  }

  std::mutex log_mutex;
  Words log;
  Network network;
  Dispatcher dispatcher{network, *this};
  Words events;
  std::function<void(const Event&)> also;
  bool in_stop = false;

 private:
  bool in_event_ = false;
};

}  // namespace simws::dispatch::test
