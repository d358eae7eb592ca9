// The cases over real sockets, in plain and over TLS.
#include "cases.h"
#include "subjects.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <ostream>

namespace simws::conformance {

void PrintTo(const Case& each, std::ostream* out) {
  *out << each.number << ": " << each.description;
}

namespace {

constexpr std::size_t small_dialogue = 20'000;

class SocketConformance : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    server = std::make_unique<EchoServer>(Security::plain);
    tls_server = std::make_unique<EchoServer>(Security::tls);
    client = std::make_unique<EchoClient>(Security::plain);
    tls_client = std::make_unique<EchoClient>(Security::tls);
  }
  static void TearDownTestSuite() {
    server.reset();
    tls_server.reset();
    client.reset();
    tls_client.reset();
  }

  // Waits for as many answers as are expected; one that is too many shows in the next turn, or
  // before the end.
  static void expect_answers(FrameReader& reader, PeerSocket& peer, const Answers& expected) {
    Answers answers;
    do {
      ASSERT_TRUE(take_answers(reader, peer.received, answers)) << reader.wrong();
    } while (answers.size() < expected.size() && peer.receive());
    ASSERT_EQ(answers.size(), expected.size());
    for (std::size_t i = 0; i < answers.size(); ++i) ASSERT_TRUE(answers[i] == expected[i]) << i;
  }

  // Each write in portions of at most `size`.
  static void run(Subject& subject, Role role, const Dialogue& dialogue, std::size_t size) {
    SCOPED_TRACE("in portions of " + std::to_string(size));
    const std::unique_ptr<PeerSocket> peer = subject.open();
    ASSERT_TRUE(peer);
    FrameReader reader(role);
    for (const Turn& turn : dialogue) {
      for (const std::string& write : turn.writes) {
        for (const std::string& piece : pieces(write, size)) peer->send(piece);
      }
      ASSERT_NO_FATAL_FAILURE(expect_answers(reader, *peer, turn.answers));
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
  static inline std::unique_ptr<EchoClient> tls_client;
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

TEST_P(SocketConformance, ClientOverTls) {
  run_all(*tls_client, Role::client);
}

std::string test_name(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.number;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Case, SocketConformance, testing::ValuesIn(all_cases()), test_name);

}  // namespace
}  // namespace simws::conformance
