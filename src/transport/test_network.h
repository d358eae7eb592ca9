// One language for tests over both networks: the one in memory and the system's.
#pragma once

#include "transport/memory.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::transport {

// The test's end of a connection.
class TestPeer {
 public:
  virtual ~TestPeer() = default;
  virtual void send(std::string_view data) = 0;
  virtual void finish() = 0;
  virtual void reset() = 0;
  virtual std::string take() = 0;
  // As found by `take`.
  virtual bool saw_end() const = 0;
  virtual bool saw_reset() const = 0;
};

class TestNetwork {
 public:
  virtual ~TestNetwork() = default;
  virtual Loop& loop() = 0;
  virtual void destroy_loop() = 0;
  // To a listener on a loopback address. Null: refused.
  virtual std::unique_ptr<TestPeer> connect(const Address& to) = 0;
  // Lets the name stand for these, where the system doesn't know it anyway.
  virtual void set_name(const std::string& host, std::vector<Address> addresses) = 0;
  // An address that can't be reached.
  virtual Address unreachable() = 0;
  // Lets the loop work, and time pass, once.
  virtual void step() = 0;
  // What the server has of an accepted stream, which is ready once this is true, if it reads.
  virtual std::unique_ptr<Stream> serve(std::unique_ptr<Stream> accepted) { return accepted; }
  virtual bool is_ready(const Stream&) const { return true; }

  // Works until `holds`; false: it doesn't in the long run.
  bool until(const std::function<bool()>& holds) {
    for (int i = 0; i < 20'000; ++i) {
      if (holds()) return true;
      step();
    }
    return holds();
  }
};

class MemoryTestPeer final : public TestPeer {
 public:
  // Holds less than what tests write that want to see it full.
  explicit MemoryTestPeer(std::unique_ptr<MemoryPeer> peer) : peer_(std::move(peer)) {
    peer_->set_window(100'000);
  }
  void send(std::string_view data) override { peer_->send(data); }
  void finish() override { peer_->finish(); }
  void reset() override { peer_->reset(); }
  // What it makes room for comes, with the end behind it, by the next call.
  std::string take() override {
    saw_end_ = peer_->saw_end();
    return peer_->take();
  }
  bool saw_end() const override { return saw_end_; }
  bool saw_reset() const override { return peer_->saw_reset(); }

 private:
  std::unique_ptr<MemoryPeer> peer_;
  bool saw_end_ = false;
};

class MemoryTestNetwork final : public TestNetwork {
 public:
  Loop& loop() override { return *loop_; }
  void destroy_loop() override { loop_.reset(); }
  void step() override { loop_->advance(std::chrono::milliseconds(1)); }
  std::unique_ptr<TestPeer> connect(const Address& to) override {
    auto peer = loop_->connect(to.port);
    if (!peer) return nullptr;
    return std::make_unique<MemoryTestPeer>(std::move(peer));
  }
  void set_name(const std::string& host, std::vector<Address> addresses) override {
    loop_->set_name(host, std::move(addresses));
  }
  Address unreachable() override {
    const Address nowhere{{192, 0, 2, 1}, 80, false};
    loop_->set_reach(nowhere, Reach::no_route);
    return nowhere;
  }

 private:
  std::unique_ptr<MemoryLoop> loop_ = MemoryLoop::make();
};

// A socket that never blocks.
class SocketTestPeer final : public TestPeer {
 public:
  explicit SocketTestPeer(int descriptor) : descriptor_(descriptor) {
    ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
  }
  ~SocketTestPeer() override {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  void send(std::string_view data) override {
    ASSERT_EQ(::send(descriptor_, data.data(), data.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(data.size()));
  }
  void finish() override { ::shutdown(descriptor_, SHUT_WR); }
  void reset() override {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(descriptor_, -1));
  }
  std::string take() override {
    std::string taken;
    std::array<char, 65536> buffer;
    ssize_t got;
    while ((got = ::recv(descriptor_, buffer.data(), buffer.size(), 0)) > 0) {
      taken.append(buffer.data(), static_cast<std::size_t>(got));
    }
    saw_end_ = saw_end_ || got == 0;
    // After an end, only the socket's error tells of a reset.
    int error = got < 0 ? errno : 0;
    socklen_t size = sizeof error;
    if (got == 0) ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    saw_reset_ = saw_reset_ || error == ECONNRESET || error == EPIPE;
    return taken;
  }
  bool saw_end() const override { return saw_end_; }
  bool saw_reset() const override { return saw_reset_; }

 private:
  int descriptor_;
  bool saw_end_ = false;
  bool saw_reset_ = false;
};

// A connected socket of the system; -1: refused.
inline int connect_socket(const Address& to) {
  sockaddr_storage storage{};
  socklen_t size;
  if (to.is_ipv6) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    v6.sin6_port = htons(to.port);
    size = sizeof v6;
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(storage);
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4.sin_port = htons(to.port);
    size = sizeof v4;
  }
  const int descriptor = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int small = 16 * 1024;  // so that it's soon full
  ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  if (::connect(descriptor, reinterpret_cast<sockaddr*>(&storage), size) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

class SystemTestNetwork final : public TestNetwork {
 public:
  explicit SystemTestNetwork(Watching watching = Watching::by_system)
      : loop_(make_loop(watching)) {}
  Loop& loop() override { return *loop_; }
  void destroy_loop() override { loop_.reset(); }
  void step() override { loop_->poll(std::chrono::milliseconds(1)); }
  std::unique_ptr<TestPeer> connect(const Address& to) override {
    const int descriptor = connect_socket(to);
    if (descriptor < 0) return nullptr;
    return std::make_unique<SocketTestPeer>(descriptor);
  }
  void set_name(const std::string&, std::vector<Address>) override {}
  Address unreachable() override { return {{224, 0, 0, 1}, 80, false}; }  // multicast: never by TCP

 private:
  std::unique_ptr<Loop> loop_;
};

// Each test runs over both, the system's watched in both ways.
class OverBothNetworks : public testing::TestWithParam<const char*> {
 protected:
  OverBothNetworks() {
    const std::string_view name = GetParam();
    if (name.starts_with("memory")) {
      network_ = std::make_unique<MemoryTestNetwork>();
    } else {
      const bool by_libuv = name == "libuv";
      network_ =
          std::make_unique<SystemTestNetwork>(by_libuv ? Watching::by_libuv : Watching::by_system);
    }
  }
  Loop& loop() { return network_->loop(); }
  bool until(const std::function<bool()>& holds) { return network_->until(holds); }
  // REQUIRES: it has a handler.
  bool until_ready(Stream& stream) {
    if (network_->is_ready(stream)) return true;
    stream.start_reading();
    const bool is_ready = until([&] { return network_->is_ready(stream); });
    stream.stop_reading();
    return is_ready;
  }
  // Lets everything happen that would, but must not.
  void settle() {
    for (int i = 0; i < 20; ++i) network_->step();
  }

  std::unique_ptr<TestNetwork> network_;
};

inline auto both_networks() {
  return testing::Values("memory", "system", "libuv");
}
inline std::string network_name(const testing::TestParamInfo<const char*>& info) {
  return info.param;
}

}  // namespace simws::transport
