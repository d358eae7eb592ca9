// A dispatcher on a real loop, a script that writes down what it hears, and plain clients.
#pragma once

#include "dispatch/dispatcher.h"

#include <simws/options.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::dispatch::test {

using Words = std::vector<std::string>;

// A client of plain blocking calls: small enough to see through.
class TestClient {
 public:
  explicit TestClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~TestClient() { end(); }
  TestClient(TestClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_) {}

  bool is_connected() const { return connected_; }

  void send(std::string_view data) {
    while (!data.empty()) {
      const ssize_t sent = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      data.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void send_handshake() {
    send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  }

  // A text frame with masking key 0; up to 125 bytes.
  static std::string frame(std::string_view text, int first_byte = 0x81) {
    std::string bytes{
        static_cast<char>(first_byte), static_cast<char>(0x80 | text.size()), 0, 0, 0, 0};
    return bytes.append(text);
  }

  // Reads until `end` has come, at most ten seconds. Returns all that came.
  std::string read_until(std::string_view end) {
    std::string got;
    pollfd waiting{socket_, POLLIN, 0};
    while (got.find(end) == std::string::npos && ::poll(&waiting, 1, 10'000) == 1) {
      char part[65536];
      const ssize_t size = ::recv(socket_, part, sizeof part, 0);
      if (size <= 0) break;
      got.append(part, static_cast<std::size_t>(size));
    }
    return got;
  }

  // Reads to the end.
  std::string read_all() { return read_until(std::string(1, '\0') + "never"); }

  void end() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  int socket_;
  bool connected_ = false;
};

// Runs the whole table of tests on both ways to drive the network.
enum class Drive { network_thread, own_thread };

class DispatcherTest : public testing::TestWithParam<Drive>, public EventHandler {
 protected:
  void on_event(const Event& event) override {
    EXPECT_FALSE(in_event_ && !in_stop) << "one event at a time";
    const bool outer = std::exchange(in_event_, true);
    note(event);
    if (also) also(event);
    in_event_ = outer;
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
      case EventKind::close: {
        const auto info = dispatcher.connection_info(event.server, event.connection);
        ASSERT_TRUE(info) << "it still answers";
        return events.push_back("close " + id + " " +
                                std::to_string(static_cast<int>(*info->close_code)) +
                                (info->clean ? " clean" : ""));
      }
    }
  }

  ServerId start(ServerOptions options = {}) {
    options.logger = [this](LogLevel level, std::string_view line) {
      const std::lock_guard lock(log_mutex);
      if (level != LogLevel::info) log.emplace_back(line);
    };
    network.drive_by_thread();
    const auto server = dispatcher.start(0, std::move(options));
    EXPECT_TRUE(server) << server.error().message;
    return *server;
  }

  int port(ServerId server) { return dispatcher.server_info(server)->port; }

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

  TestClient open(ServerId server) {
    TestClient client(port(server));
    const std::size_t before = events.size();
    client.send_handshake();
    run_until_events(before + 1);
    client.read_until("\r\n\r\n");
    return client;
  }

  void stop(ServerId server) {
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
