// Clients that offer compression.
#include "endpoint/client_test_fixture.h"
#include "endpoint/compression_test_fixture.h"

#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;
using protocol::test::Compressing;
using protocol::test::varied_text;

class ClientCompressionTest : public ClientTest {
 protected:
  void offer_and_answer(const std::string& answer, Compression compression = {}) {
    ClientOptions options;
    options.compression = compression;
    options.ping_interval = Seconds{0};
    start(std::move(options));
    offered = visit().field("Sec-WebSocket-Extensions");
    accept(answer.empty() ? "" : "Sec-WebSocket-Extensions: " + answer + "\r\n");
  }

  std::string offered;
};

// A server's frame with RSV1 set.
std::string compressed_by_server(const std::string& payload) {
  std::array<std::byte, protocol::max_frame_header_size> header;
  const std::size_t size = protocol::encode_frame_header(
      {.rsv1 = true, .opcode = FrameOpcode::text, .payload_length = payload.size()}, header);
  return std::string(as_text(Bytes(header).first(size))) + payload;
}

TEST_F(ClientCompressionTest, MessagesGoBothWays) {
  for (const bool takes_over : {false, true}) {
    Compression compression;
    compression.client_context_takeover = compression.server_context_takeover = takes_over;
    offer_and_answer(takes_over ? "permessage-deflate"
                                : "permessage-deflate; server_no_context_takeover; "
                                  "client_no_context_takeover",
                     compression);
    EXPECT_EQ(offered, takes_over ? "permessage-deflate; client_max_window_bits"
                                  : "permessage-deflate; server_no_context_takeover; "
                                    "client_no_context_takeover; client_max_window_bits");
    EXPECT_TRUE(connection->info().compression);
    Compressing theirs({takes_over, 15});
    Inflating ours({takes_over, 15});
    const std::string small = varied_text(700), large = varied_text(300'000);
    EXPECT_TRUE(*core->send(small));
    EXPECT_TRUE(*core->send(large));
    EXPECT_TRUE(*core->send("short"));
    EXPECT_TRUE(*core->send(small, Opcode::text, {.compress = false}));
    EXPECT_TRUE(*core->send(small));
    run();
    EXPECT_EQ(ours.read_messages(visit().take()),
              (Words{"~" + small, "~" + large, "short", small, "~" + small}));
    take_events();
    std::string answered = compressed_by_server(theirs.message(small));
    answered += compressed_by_server(theirs.message(large));
    answer(answered);
    EXPECT_EQ(take_events(), (Words{"text " + small, "text " + large}));
    EXPECT_EQ(core->info().queued_bytes, 0u);
    core->stop(false);
    run();
    core.reset();
    visits.clear();
  }
}

TEST_F(ClientCompressionTest, GoesWithoutWhereTheServerDoesntAgree) {
  offer_and_answer("");
  EXPECT_FALSE(connection->info().compression);
  const std::string text = varied_text(700);
  EXPECT_TRUE(*core->send(text));
  run();
  EXPECT_EQ(Inflating({false, 15}).read(visit().take()), Words{text});
}

// zlib can't keep to a window of 2^8 bytes: such a client inflates, and compresses nothing.
TEST_F(ClientCompressionTest, SendsPlainMessagesWhereItsWindowWouldBeTooSmall) {
  offer_and_answer("permessage-deflate; server_no_context_takeover; client_max_window_bits=8");
  EXPECT_TRUE(connection->info().compression);
  const std::string text = varied_text(700);
  EXPECT_TRUE(*core->send(text));
  run();
  EXPECT_EQ(Inflating({false, 15}).read(visit().take()), Words{text});
  take_events();
  answer(compressed_by_server(Compressing().message(text)));
  EXPECT_EQ(take_events(), Words{"text " + text});
}

TEST_F(ClientCompressionTest, FailsWhereTheAnswerIsntOneToTheOffer) {
  const std::pair<std::string, std::string> answers[] = {
      {"permessage-deflate", "server_no_context_takeover was asked for and isn't granted"},
      {"permessage-deflate; server_no_context_takeover; unknown",
       "a parameter is unknown, comes twice or has a wrong value"},
      {"permessage-bzip2", "wasn't offered"},
      {"permessage-deflate; server_no_context_takeover, permessage-deflate", "wasn't offered"},
  };
  for (const auto& [given, why] : answers) {
    offer_and_answer(given);
    const Words told = take_events();
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told[0].find("fail: the server's answer can't be used: Sec-WebSocket-Extensions"), 0u)
        << told[0];
    EXPECT_NE(told[0].find(why), std::string::npos) << told[0];
    core->stop(false);
    run();
    core.reset();
    visits.clear();
  }
}

}  // namespace
}  // namespace simws::endpoint
