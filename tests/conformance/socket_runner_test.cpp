// The cases over real sockets, against an echo server in plain and over TLS, and an echo client,
// that the public headers make.
#include "cases.h"
#include "peer_socket.h"

#include "protocol/opening_handshake.h"
#include "transport/tls_test_certificates.h"

#include <simws/client.h>
#include <simws/server.h>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <memory>
#include <ostream>

namespace simws::conformance {

void PrintTo(const Case& each, std::ostream* out) {
  *out << each.number << ": " << each.description;
}

namespace {

constexpr std::size_t small_dialogue = 20'000;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int make_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  // What is cut small shall leave at once; who is accepted inherits it.
  const int no_delay = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
  return made;
}

// Takes one head off what comes. Empty: it didn't come.
std::string take_head(PeerSocket& peer) {
  std::size_t end;
  while ((end = peer.received.find("\r\n\r\n")) == std::string::npos) {
    if (!peer.receive()) return "";
  }
  std::string head = peer.received.substr(0, end + 4);
  peer.received.erase(0, head.size());
  return head;
}

void echo(Connection& connection, std::string_view data, Opcode opcode) {
  (void)connection.send(data, opcode);
}

template <typename Options>
Options quiet() {
  Options options;
  options.ping_interval = Seconds{0};  // only what the cases say is on the wire
  options.logger = [](LogLevel, std::string_view) {};
  return options;
}

// Who is under test. One for all cases: none may harm the next.
class Subject {
 public:
  virtual ~Subject() = default;
  // A connection to it, after the opening handshake. Null: none came about.
  virtual std::unique_ptr<PeerSocket> open() = 0;
};

class EchoServer final : public Subject {
 public:
  explicit EchoServer(bool has_tls) {
    ServerOptions options = quiet<ServerOptions>();
    if (has_tls) options.tls = make_tls();
    ServerHandlers handlers;
    handlers.message = echo;
    auto listening = Server::listen(loop_, 0, std::move(options), std::move(handlers));
    if (!listening) return;
    server_ = std::move(listening).value();
    port_ = server_->info().port;
    loop_.start_thread();
  }
  ~EchoServer() override { loop_.stop_thread(); }

  std::unique_ptr<PeerSocket> open() override {
    const sockaddr_in address = loopback(port_);
    const int made = make_socket();
    auto peer = std::make_unique<PeerSocket>(made, peers_tls_.get());
    if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      return nullptr;
    }
    if (!peer->shake_hands()) return nullptr;
    peer->send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    return take_head(*peer).starts_with("HTTP/1.1 101 ") ? std::move(peer) : nullptr;
  }

 private:
  ServerTls make_tls() {
    const transport::TestCertificate made = transport::make_certificate({});
    peers_tls_ = transport::make_foreign_context(TLS1_3_VERSION);
    return {.certificate = folder_.write("cert.pem", made.pem()),
            .private_key = folder_.write("key.pem", made.key_pem())};
  }

  transport::TestFolder folder_;
  transport::SslContextPtr peers_tls_;  // null: plain
  EventLoop loop_;
  std::unique_ptr<Server> server_;
  int port_ = 0;
};

class EchoClient final : public Subject {
 public:
  EchoClient() : listener_(make_socket()) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 1) != 0) return;
    ::getsockname(listener_, any, &size);
    uri_ = "ws://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/";
    loop_.start_thread();
  }
  ~EchoClient() override {
    loop_.call([&] { client_.reset(); });
    loop_.stop_thread();
    ::close(listener_);
  }

  std::unique_ptr<PeerSocket> open() override {
    loop_.call([&] { connect(); });
    if (wait_for(listener_, POLLIN) == 0) return nullptr;
    auto peer = std::make_unique<PeerSocket>(::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
    const std::string key = key_of(take_head(*peer));
    peer->send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        protocol::accept_key(key) + "\r\n\r\n");
    return key.empty() ? nullptr : std::move(peer);
  }

 private:
  void connect() {
    ClientHandlers handlers;
    handlers.message = echo;
    auto connecting = Client::connect(loop_, uri_, quiet<ClientOptions>(), std::move(handlers));
    if (connecting) client_ = std::move(connecting).value();
  }

  static std::string key_of(const std::string& head) {
    constexpr std::string_view field = "\r\nSec-WebSocket-Key: ";
    const std::size_t at = head.find(field);
    if (at == std::string::npos) return "";
    const std::size_t from = at + field.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }

  EventLoop loop_;
  std::unique_ptr<Client> client_;
  std::string uri_;
  const int listener_;
};

class SocketConformance : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    server = std::make_unique<EchoServer>(false);
    tls_server = std::make_unique<EchoServer>(true);
    client = std::make_unique<EchoClient>();
  }
  static void TearDownTestSuite() {
    server.reset();
    tls_server.reset();
    client.reset();
  }

  // Waits for as many answers as are expected; one that is too many shows in the next turn, or
  // before the end.
  static void expect_answers(Role role, PeerSocket& peer, const Answers& expected) {
    Answers answers;
    do {
      ASSERT_TRUE(take_answers(role, peer.received, answers));
    } while (answers.size() < expected.size() && peer.receive());
    ASSERT_EQ(answers.size(), expected.size());
    for (std::size_t i = 0; i < answers.size(); ++i) ASSERT_TRUE(answers[i] == expected[i]) << i;
  }

  // Each write in portions of at most `size`.
  static void run(Subject& subject, Role role, const Dialogue& dialogue, std::size_t size) {
    SCOPED_TRACE("in portions of " + std::to_string(size));
    const std::unique_ptr<PeerSocket> peer = subject.open();
    ASSERT_TRUE(peer);
    for (const Turn& turn : dialogue) {
      for (const std::string& write : turn.writes) {
        for (const std::string& piece : pieces(write, size)) peer->send(piece);
      }
      ASSERT_NO_FATAL_FAILURE(expect_answers(role, *peer, turn.answers));
    }
    EXPECT_TRUE(peer->sees_end());
    EXPECT_EQ(peer->received, "");
  }

  static void run_all(Subject& subject, Role role) {
    SCOPED_TRACE(GetParam().description);
    const Dialogue dialogue = led_against(role, GetParam().dialogue());
    run(subject, role, dialogue, std::string::npos);
    run(subject, role, dialogue, size_of(dialogue) > small_dialogue ? 4099 : 1);
  }

  static inline std::unique_ptr<EchoServer> server;
  static inline std::unique_ptr<EchoServer> tls_server;
  static inline std::unique_ptr<EchoClient> client;
};

TEST_P(SocketConformance, Server) {
  run_all(*server, Role::server);
}

// In portions: each is a record of its own.
TEST_P(SocketConformance, ServerOverTls) {
  run_all(*tls_server, Role::server);
}

TEST_P(SocketConformance, Client) {
  run_all(*client, Role::client);
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.number;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Case, SocketConformance, testing::ValuesIn(all_cases()), test_name);

}  // namespace
}  // namespace simws::conformance
