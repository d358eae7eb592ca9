// What a peer must not do, and that it's known at the earliest byte (RFC 6455, 5-8).
#include "protocol/session.h"
#include "protocol/session_test_fixture.h"

#include <string>

namespace simws::protocol::test {
namespace {

using namespace std::string_literals;
using enum FrameOpcode;

std::string protocol_error(const std::string& reason) {
  return "failure:1002:" + reason;
}

struct Violation {
  std::string before;  // what the client sends first
  FrameHeader header;  // what's wrong
  std::string reason;
};

const std::string open_message = client_frame(text, "a", false);

const Violation violations[] = {
    {"", {.rsv1 = true}, "RSV1 set without an extension that defines it"},
    {"", {.rsv2 = true}, "RSV2 or RSV3 set without an extension that defines it"},
    {"", {.rsv3 = true}, "RSV2 or RSV3 set without an extension that defines it"},
    {"",
     {.rsv1 = true, .rsv2 = true, .rsv3 = true, .opcode = close},
     "RSV2 or RSV3 set without an extension that defines it"},
    {"", {.opcode = FrameOpcode{3}}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{4}, .payload_length = 1}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{5}}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{6}}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{7}}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{11}}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{12}}, "reserved opcode"},
    {"", {.fin = false, .opcode = FrameOpcode{13}}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{14}}, "reserved opcode"},
    {"", {.opcode = FrameOpcode{15}, .payload_length = 126}, "reserved opcode"},
    {open_message, {.opcode = FrameOpcode{3}}, "reserved opcode"},
    {"", {.fin = false, .opcode = ping}, "fragmented control frame"},
    {"", {.fin = false, .opcode = pong}, "fragmented control frame"},
    {"", {.fin = false, .opcode = close}, "fragmented control frame"},
    {"", {.opcode = ping, .payload_length = 126}, "control frame over 125 bytes"},
    {"", {.opcode = pong, .payload_length = 65536}, "control frame over 125 bytes"},
    {"", {.opcode = close, .payload_length = 126}, "control frame over 125 bytes"},
    {"", {.opcode = continuation}, "continuation frame without a message to continue"},
    {"",
     {.fin = false, .opcode = continuation},
     "continuation frame without a message to continue"},
    {client_frame(text, "whole"),
     {.opcode = continuation},
     "continuation frame without a message to continue"},
    {open_message, {.opcode = text}, "new message inside a fragmented message"},
    {open_message, {.fin = false, .opcode = binary}, "new message inside a fragmented message"},
};

TEST(SessionRules, FailFromTheHeaderAlone) {
  for (const Violation& violation : violations) {
    SCOPED_TRACE(violation.reason);
    const Events events = events_of(violation.before + client_header(violation.header));
    ASSERT_FALSE(events.empty());
    EXPECT_EQ(events.back(), protocol_error(violation.reason));
  }
}

TEST(SessionRules, HoldAfterMessagesAreDiscarded) {
  for (const Violation& violation : violations) {
    Session session(Role::server, 1000);
    Recorder recorder;
    session.discard_messages();
    receive(session, violation.before + client_header(violation.header), recorder);
    EXPECT_EQ(recorder.events, Events{protocol_error(violation.reason)});
  }
}

TEST(SessionRules, FailOnAMaskThatIsMissingOrTooMuch) {
  EXPECT_EQ(events_of("\x81\x05Hello"), Events{protocol_error("frame of a client not masked")});
  EXPECT_EQ(events_of("\x89\x00"s), Events{protocol_error("frame of a client not masked")});
  EXPECT_EQ(events_of(client_frame(text, "Hello"), {.role = Role::client}),
            Events{protocol_error("frame of a server masked")});
}

TEST(SessionRules, FailOnForbiddenLengths) {
  EXPECT_EQ(events_of("\x82\xfe\x00\x7d"s),
            Events{protocol_error("payload length not in the fewest bytes")});
  EXPECT_EQ(events_of("\x82\xff\x00\x00\x00\x00\x00\x00"s),
            Events{protocol_error("payload length not in the fewest bytes")});
  EXPECT_EQ(events_of("\x82\xff\x80"s),
            Events{protocol_error("payload length with its highest bit set")});
}

const std::string too_big = "failure:1009:message over maxMessageSize";

TEST(SessionRules, LimitMessagesByWhatTheirHeadersClaim) {
  const Settings settings{.max_message_size = 10};
  const std::string ten(10, 'x'), eleven(11, 'x');
  EXPECT_EQ(events_of(client_frame(binary, ten), settings), Events{"binary:" + ten});
  EXPECT_EQ(events_of(client_frame(binary, eleven), settings), Events{too_big});
  EXPECT_EQ(events_of(client_header({.opcode = binary, .payload_length = 11}), settings),
            Events{too_big});
  EXPECT_EQ(events_of(client_header({.payload_length = 0x7FFF'FFFF'FFFF'FFFF}), settings),
            Events{too_big});
  EXPECT_EQ(events_of(client_frame(ping, eleven), settings), Events{"ping:" + eleven});
}

TEST(SessionRules, LimitTheSumOfFragments) {
  const Settings settings{.max_message_size = 10};
  const std::string nine = client_frame(binary, std::string(4, 'x'), false) +
                           client_frame(continuation, std::string(5, 'x'), false);
  EXPECT_EQ(events_of(nine + client_frame(continuation, "x"), settings),
            Events{"binary:" + std::string(10, 'x')});
  EXPECT_EQ(events_of(nine + client_frame(continuation, "xx"), settings), Events{too_big});
  for (const std::uint64_t claimed : {std::uint64_t{2}, std::uint64_t{0x7FFF'FFFF'FFFF'FFFF}}) {
    EXPECT_EQ(events_of(nine + client_header({.opcode = continuation, .payload_length = claimed}),
                        settings),
              Events{too_big});
  }
  const std::string amid = client_frame(ping, std::string(20, 'p'));
  EXPECT_EQ(events_of(nine + amid + client_frame(continuation, "x"), settings),
            (Events{"ping:" + std::string(20, 'p'), "binary:" + std::string(10, 'x')}));
}

TEST(SessionRules, TakeTheGreatestLimit) {
  const Settings settings{.max_message_size = std::numeric_limits<std::size_t>::max()};
  EXPECT_EQ(events_of(client_frame(text, "a", false) +
                          client_header(
                              {.opcode = continuation, .payload_length = 0x7FFF'FFFF'FFFF'FFFF}),
                      settings),
            Events{});
}

const std::string not_utf8 = "failure:1007:text that isn't UTF-8";

struct BadText {
  std::string text;
  std::size_t shown_at;  // how many bytes show it
};

TEST(SessionRules, FailAtTheFirstByteThatIsNotUtf8) {
  const BadText cases[] = {{"\xff", 1},
                           {"good \xc0\x80 good", 6},
                           {"\xed\xa0\x80 good", 2},
                           {"🤖\xf4\x90\x80\x80 good", 6},
                           {std::string(300, 'x') + "\x80", 301}};
  for (const BadText& bad : cases) {
    const std::string frame = client_frame(text, bad.text);
    EXPECT_EQ(events_of(frame), Events{not_utf8});
    const std::size_t shown_at = frame.size() - bad.text.size() + bad.shown_at;
    EXPECT_EQ(events_of(frame.substr(0, shown_at)), Events{not_utf8});
    EXPECT_EQ(events_of(frame.substr(0, shown_at - 1)), Events{});
    EXPECT_EQ(events_of(client_frame(text, bad.text.substr(0, 1), false) +
                        client_frame(continuation, bad.text.substr(1))),
              Events{not_utf8});
    EXPECT_EQ(events_of(client_frame(binary, bad.text)), Events{"binary:" + bad.text});
  }
}

TEST(SessionRules, FailOnTextThatEndsWithinACharacter) {
  EXPECT_EQ(events_of(client_frame(text, "abc\xf0\x9f\xa4")), Events{not_utf8});
  EXPECT_EQ(events_of(client_frame(text, "abc\xf0\x9f", false) + client_frame(continuation, "")),
            Events{not_utf8});
  EXPECT_EQ(events_of(client_frame(text, "\xc3") + client_frame(text, "\xa4")), Events{not_utf8});
}

TEST(SessionRules, DoNotCarryACharacterIntoTheNextMessage) {
  EXPECT_EQ(events_of(client_frame(binary, "\xc3") + client_frame(text, "a")),
            (Events{"binary:\xc3", "text:a"}));
}

}  // namespace
}  // namespace simws::protocol::test
