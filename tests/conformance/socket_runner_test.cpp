// The cases over real sockets, against an echo server that the public headers make.
#include "cases.h"

#include <simws/server.h>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <ostream>

namespace simws::conformance {

void PrintTo(const Case& each, std::ostream* out) {
  *out << each.number << ": " << each.description;
}

namespace {

constexpr int deadline_ms = 60'000;  // far beyond what a busy machine needs
constexpr std::size_t small_dialogue = 20'000;

// A client that blocks, with a deadline on each wait.
class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // What is cut small shall leave at once.
    const int no_delay = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { ::close(socket_); }

  bool is_connected() const { return connected_; }

  // Reads while it writes: neither end may wait for the other to read.
  void send(std::string_view bytes) {
    while (!bytes.empty() && !ended_) {
      if ((wait(POLLIN | POLLOUT) & POLLIN) != 0) {
        receive();
        continue;
      }
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      if (sent < 0 && errno != EAGAIN) ended_ = true;
    }
  }

  // False: nothing more comes.
  bool receive() {
    if (ended_ || wait(POLLIN) == 0) return false;
    std::array<char, 64 * 1024> buffer;
    const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) ended_ = true;
    if (got > 0) received.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  // The server has ended the connection; nothing else has come.
  bool sees_end() {
    while (receive()) {
    }
    return ended_;
  }

  std::string received;  // and not yet looked at

 private:
  short wait(short events) {
    pollfd waited{socket_, events, 0};
    while (::poll(&waited, 1, deadline_ms) < 0 && errno == EINTR) {
    }
    return waited.revents;
  }

  int socket_;
  bool connected_ = false;
  bool ended_ = false;
};

class EchoServer {
 public:
  EchoServer() {
    ServerOptions options;
    options.ping_interval = Seconds{0};  // only what the cases say is on the wire
    options.logger = [](LogLevel, std::string_view) {};
    ServerHandlers handlers;
    handlers.message = [](Connection& connection, std::string_view data, Opcode opcode) {
      (void)connection.send(data, opcode);
    };
    auto listening = Server::listen(loop_, 0, std::move(options), std::move(handlers));
    if (!listening) return;
    server_ = std::move(listening).value();
    port = server_->info().port;
    loop_.start_thread();
  }
  ~EchoServer() { loop_.stop_thread(); }

  int port = 0;

 private:
  EventLoop loop_;
  std::unique_ptr<Server> server_;
};

// One server for all cases: none may harm the next.
class SocketConformance : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() { server = std::make_unique<EchoServer>(); }
  static void TearDownTestSuite() { server.reset(); }

  static void open(Client& client) {
    client.send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    std::size_t head;
    while ((head = client.received.find("\r\n\r\n")) == std::string::npos) {
      ASSERT_TRUE(client.receive());
    }
    ASSERT_TRUE(client.received.starts_with("HTTP/1.1 101 "));
    client.received.erase(0, head + 4);
  }

  // Waits for as many answers as are expected; one that is too many shows in the next turn, or
  // before the end.
  static void expect_answers(Client& client, const Answers& expected) {
    Answers answers;
    do {
      ASSERT_TRUE(take_answers(client.received, answers));
    } while (answers.size() < expected.size() && client.receive());
    ASSERT_EQ(answers.size(), expected.size());
    for (std::size_t i = 0; i < answers.size(); ++i) ASSERT_TRUE(answers[i] == expected[i]) << i;
  }

  // Each write in portions of at most `size`.
  static void run(const Dialogue& dialogue, std::size_t size) {
    SCOPED_TRACE("in portions of " + std::to_string(size));
    Client client(server->port);
    ASSERT_TRUE(client.is_connected());
    ASSERT_NO_FATAL_FAILURE(open(client));
    for (const Turn& turn : dialogue) {
      for (const std::string& write : turn.writes) {
        for (const std::string& piece : pieces(write, size)) client.send(piece);
      }
      ASSERT_NO_FATAL_FAILURE(expect_answers(client, turn.answers));
    }
    EXPECT_TRUE(client.sees_end());
    EXPECT_EQ(client.received, "");
  }

  static inline std::unique_ptr<EchoServer> server;
};

std::size_t size_of(const Dialogue& dialogue) {
  std::size_t size = 0;
  for (const Turn& turn : dialogue) {
    for (const std::string& write : turn.writes) size += write.size();
  }
  return size;
}

TEST_P(SocketConformance, Server) {
  SCOPED_TRACE(GetParam().description);
  const Dialogue dialogue = GetParam().dialogue();
  run(dialogue, std::string::npos);
  run(dialogue, size_of(dialogue) > small_dialogue ? 4099 : 1);
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.number;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Case, SocketConformance, testing::ValuesIn(all_cases()), test_name);

}  // namespace
}  // namespace simws::conformance
