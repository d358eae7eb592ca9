// The session with an extension, which owns RSV1 and what comes out of the payload.
#include "protocol/session.h"
#include "protocol/session_test_fixture.h"

#include <string>

namespace simws::protocol::test {
namespace {

using enum FrameOpcode;

// Every byte comes out twice, XORed with 1; the message ends with one more '!' of the extension's.
class Doubling final : public Extension {
 public:
  void begin_decoding() override { began_ = true; }

  DecodeStatus decode(Bytes portion, bool last, std::size_t max_message_size, Buffer& message,
                      Failure& failure) override {
    EXPECT_TRUE(began_);
    for (const std::byte byte : portion) {
      if (message.size() + 2 > max_message_size) {
        failure = {CloseCode::message_too_big, "doubled over the limit"};
        return DecodeStatus::fail;
      }
      message.append(std::string(2, static_cast<char>(byte ^ std::byte{1})));
    }
    if (!last) return DecodeStatus::need_more;
    message.append("!");
    began_ = false;
    return DecodeStatus::done;
  }

 private:
  bool began_ = false;
};

Settings doubling(std::size_t max_message_size = 1000) {
  return {.max_message_size = max_message_size,
          .extension = [] { return std::make_unique<Doubling>(); }};
}

std::string encoded_frame(FrameOpcode opcode, std::string payload, bool fin = true) {
  return client_frame({.fin = fin, .rsv1 = true, .opcode = opcode}, std::move(payload));
}

struct Told {
  std::string sent;
  Events events;
};

TEST(SessionExtension, DecodesMessagesThatHaveRsv1) {
  const Told cases[] = {
      {encoded_frame(text, "`c"), {"text:aabb!"}},
      {encoded_frame(binary, ""), {"binary:!"}},
      {client_frame(text, "plain"), {"text:plain"}},
      {encoded_frame(text, "`", false) + client_frame(ping, "p") +
           client_frame(continuation, "", false) + client_frame(continuation, "c"),
       {"ping:p", "text:aabb!"}},
      {encoded_frame(text, "`") + client_frame(text, "plain") + encoded_frame(text, "c"),
       {"text:aa!", "text:plain", "text:bb!"}},
      {encoded_frame(text, "`", false) + client_frame(continuation, ""), {"text:aa!"}},
  };
  for (const Told& told : cases) EXPECT_EQ(events_of(told.sent, doubling()), told.events);
}

TEST(SessionExtension, LimitsWhatComesOut) {
  EXPECT_EQ(events_of(encoded_frame(binary, "`c"), doubling(5)), Events{"binary:aabb!"});
  EXPECT_EQ(events_of(encoded_frame(binary, "`cb"), doubling(5)),
            Events{"failure:1009:doubled over the limit"});
  EXPECT_EQ(
      events_of(encoded_frame(binary, "`", false) + client_frame(continuation, "cb"), doubling(5)),
      Events{"failure:1009:doubled over the limit"});
  EXPECT_EQ(events_of(client_frame(binary, "sixsix"), doubling(5)),
            Events{"failure:1009:message over maxMessageSize"});
}

TEST(SessionExtension, ValidatesTextThatComesOut) {
  const std::string not_utf8 = "failure:1007:text that isn't UTF-8";
  EXPECT_EQ(events_of(encoded_frame(text, "a\xfe more"), doubling()), Events{not_utf8});
  EXPECT_EQ(events_of(encoded_frame(text, "a\xfe more", false), doubling()), Events{not_utf8});
  const std::string header = client_header({.rsv1 = true, .payload_length = 100});
  std::string payload = "a\xfe";
  apply_mask(as_mutable_bytes(payload), fixture_key, 0);
  EXPECT_EQ(events_of(header + payload, doubling()), Events{not_utf8});
  EXPECT_EQ(events_of(client_frame(text, "\xff"), doubling()), Events{not_utf8});
}

TEST(SessionExtension, JudgesWhatCameOutBeforeItFailed) {
  EXPECT_EQ(events_of(encoded_frame(text, "\xfe, then too long"), doubling(5)),
            Events{"failure:1007:text that isn't UTF-8"});
  EXPECT_EQ(events_of(encoded_frame(text, "`cb\xfe"), doubling(5)),
            Events{"failure:1009:doubled over the limit"});
}

TEST(SessionExtension, OwnsRsv1OfAMessagesFirstFrameOnly) {
  const Told cases[] = {
      {encoded_frame(ping, "p"), {"failure:1002:RSV1 set on a control frame"}},
      {encoded_frame(close, ""), {"failure:1002:RSV1 set on a control frame"}},
      {encoded_frame(text, "`", false) + encoded_frame(continuation, "c"),
       {"failure:1002:RSV1 set on a continuation frame"}},
      {client_frame({.rsv2 = true}, "a"),
       {"failure:1002:RSV2 or RSV3 set without an extension that defines it"}},
  };
  for (const Told& told : cases) EXPECT_EQ(events_of(told.sent, doubling()), told.events);
}

TEST(SessionExtension, DecodesNothingThatIsDiscarded) {
  const std::string wire = encoded_frame(text, "\xfe", false) + client_frame(ping, "p") +
                           client_frame(continuation, "\xfe") + encoded_frame(binary, "too long") +
                           client_frame(close, "");
  for (const std::size_t size : {1UL, wire.size()}) {
    Session session(Role::server, 5, std::make_unique<Doubling>());
    Recorder recorder;
    session.discard_messages();
    receive(session, wire, recorder, {.size = size});
    EXPECT_EQ(recorder.events, (Events{"ping:p", "close:1005:"}));
  }
}

}  // namespace
}  // namespace simws::protocol::test
