// The cases of compression over real sockets.
#include "deflate_cases.h"
#include "deflate_test_names.h"
#include "subjects.h"

#include <gtest/gtest.h>

#include <memory>

namespace simws::conformance {
namespace {

constexpr std::string_view field = "Sec-WebSocket-Extensions: ";

std::string extensions_in(const std::string& head) {
  const std::size_t at = head.find(field);
  if (at == std::string::npos) return "";
  const std::size_t from = at + field.size();
  return head.substr(from, head.find("\r\n", from) - from);
}

class DeflateSocketConformance : public testing::TestWithParam<DeflateCase> {
 protected:
  static void SetUpTestSuite() {
    const Compression all{
        .threshold = 0, .server_context_takeover = true, .client_context_takeover = true};
    server = std::make_unique<EchoServer>(Security::plain, all);
    client = std::make_unique<EchoClient>(Security::plain, all);
  }
  static void TearDownTestSuite() {
    server.reset();
    client.reset();
  }

  static void run(Role role) {
    SCOPED_TRACE(GetParam().description);
    Subject& subject = role == Role::server ? static_cast<Subject&>(*server) : *client;
    const Negotiation& negotiation = GetParam().negotiation;
    const std::string& ours = role == Role::server ? negotiation.offer : negotiation.acceptance;
    const std::unique_ptr<PeerSocket> socket = subject.open(std::string(field) + ours + "\r\n");
    ASSERT_TRUE(socket);
    EXPECT_EQ(extensions_in(subject.head), role == Role::server
                                               ? negotiation.answer
                                               : "permessage-deflate; client_max_window_bits");
    DeflatePeer peer(role, GetParam(), agreed_in(GetParam(), role));
    for (std::size_t i = 0; i < peer.count(); ++i) {
      socket->send(peer.next());
      std::optional<std::string> wrong;
      while (!(wrong = peer.take_echo(socket->received)) && socket->receive()) {
      }
      ASSERT_EQ(wrong, "") << "message " << i;
      ASSERT_EQ(socket->received, "");
    }
  }

  static inline std::unique_ptr<EchoServer> server;
  static inline std::unique_ptr<EchoClient> client;
};

TEST_P(DeflateSocketConformance, Server) {
  run(Role::server);
}

TEST_P(DeflateSocketConformance, Client) {
  run(Role::client);
}

INSTANTIATE_TEST_SUITE_P(Case, DeflateSocketConformance, testing::ValuesIn(deflate_cases()),
                         deflate_test_name);

}  // namespace
}  // namespace simws::conformance
