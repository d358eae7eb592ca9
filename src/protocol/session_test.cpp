#include "protocol/session.h"

#include "protocol/close_payload.h"
#include "protocol/session_test_fixture.h"

#include <string>

namespace simws::protocol::test {
namespace {

using namespace std::string_literals;
using enum FrameOpcode;

struct Told {
  std::string sent;
  Events events;
};

TEST(Session, TellsMessagesAndControlFrames) {
  const Told cases[] = {
      {client_frame(text, "Hello"), {"text:Hello"}},
      {client_frame(text, ""), {"text:"}},
      {client_frame(binary, "\x00\xff"s), {"binary:\x00\xff"s}},
      {client_frame(binary, std::string(126, 'x')), {"binary:" + std::string(126, 'x')}},
      {client_frame(binary, std::string(70000, 'x')), {"binary:" + std::string(70000, 'x')}},
      {client_frame(text, "one") + client_frame(text, "two"), {"text:one", "text:two"}},
      {client_frame(ping, "p") + client_frame(pong, "q") + client_frame(ping, ""),
       {"ping:p", "pong:q", "ping:"}},
      {client_frame(text, "grüß dich, 🤖"), {"text:grüß dich, 🤖"}},
      {client_frame(close, ""), {"close:1005:"}},
      {client_frame(close, encode_close_payload(CloseCode::going_away, "bye")), {"close:1001:bye"}},
  };
  for (const Told& told : cases) EXPECT_EQ(events_of(told.sent), told.events);
}

TEST(Session, JoinsFragments) {
  const Told cases[] = {
      {client_frame(text, "Hel", false) + client_frame(continuation, "lo"), {"text:Hello"}},
      {client_frame(binary, "", false) + client_frame(continuation, "", false) +
           client_frame(continuation, "x"),
       {"binary:x"}},
      {client_frame(text, "", false) + client_frame(continuation, ""), {"text:"}},
      {client_frame(text, "a", false) + client_frame(ping, "amid") +
           client_frame(continuation, "b", false) + client_frame(pong, "") +
           client_frame(continuation, "c"),
       {"ping:amid", "pong:", "text:abc"}},
      {client_frame(text, "\xf0\x9f", false) + client_frame(continuation, "\xa4\x96"),
       {"text:🤖"}},
      {client_frame(text, "a", false) + client_frame(close, ""), {"close:1005:"}},
  };
  for (const Told& told : cases) EXPECT_EQ(events_of(told.sent), told.events);
}

TEST(Session, TakesServersFramesInTheClientsRole) {
  Buffer wire;
  append_frame(wire, text, true, as_bytes("Hello"));
  append_frame(wire, binary, false, as_bytes("a"));
  append_frame(wire, ping, true, as_bytes("p"));
  append_frame(wire, continuation, true, as_bytes("b"));
  EXPECT_EQ(events_of(std::string(wire.text()), {.role = Role::client}),
            (Events{"text:Hello", "ping:p", "binary:ab"}));
}

TEST(Session, LetsTheMemoryOfAnAssembledMessageBeTaken) {
  struct Taker final : SessionHandler {
    explicit Taker(Session& from) : session(from) {}
    void on_message(Opcode, Bytes) override {
      Buffer* const memory = session.told_memory();
      taken.push_back(memory ? std::optional(std::move(*memory)) : std::nullopt);
    }
    void on_ping(Bytes) override {}
    void on_pong(Bytes) override {}
    void on_close(CloseCode, std::string_view) override {}
    void on_failure(const Failure&) override {}

    Session& session;
    std::vector<std::optional<Buffer>> taken;
  };
  Session session(Role::server, 1000);
  Taker taker(session);
  for (std::string part :
       {client_frame(text, "whole"), client_frame({.fin = false, .opcode = text}, "in two "),
        client_frame(continuation, "parts")}) {
    session.receive(as_mutable_bytes(part), taker);
    EXPECT_EQ(session.told_memory(), nullptr) << "afterwards it's nobody's";
  }
  ASSERT_EQ(taker.taken.size(), 2U);
  EXPECT_FALSE(taker.taken.front()) << "it lies in the input";
  EXPECT_EQ(taker.taken.back()->text(), "in two parts");
}

TEST(Session, KeepsAnAssembledMessageForItsHandlerWhateverThatDoes) {
  struct Ender final : SessionHandler {
    explicit Ender(Session& of) : session(of) {}
    void on_message(Opcode, Bytes message) override {
      session.discard_messages();
      session.stop();
      EXPECT_EQ(session.assembly_size(), 0U);
      seen = as_text(message);
    }
    void on_ping(Bytes) override {}
    void on_pong(Bytes) override {}
    void on_close(CloseCode, std::string_view) override {}
    void on_failure(const Failure&) override {}

    Session& session;
    std::string seen;
  };
  Session session(Role::server, 1000);
  Ender ender(session);
  std::string wire = client_frame({.fin = false, .opcode = text}, std::string(100, 'a')) +
                     client_frame(continuation, std::string(100, 'b'));
  session.receive(as_mutable_bytes(wire), ender);
  EXPECT_EQ(ender.seen, std::string(100, 'a') + std::string(100, 'b'));
}

TEST(Session, HandsOnAWholeMessageWithoutACopy) {
  struct Looker final : SessionHandler {
    void on_message(Opcode, Bytes message) override { seen = message; }
    void on_ping(Bytes payload) override { seen = payload; }
    void on_pong(Bytes) override {}
    void on_close(CloseCode, std::string_view) override {}
    void on_failure(const Failure&) override {}
    Bytes seen;
  };
  for (const FrameOpcode opcode : {text, binary, ping}) {
    Session session(Role::server, 1000);
    Looker looker;
    std::string wire = client_frame(opcode, "in place");
    session.receive(as_mutable_bytes(wire), looker);
    EXPECT_EQ(as_text(looker.seen), "in place");
    EXPECT_EQ(looker.seen.data(), as_bytes(wire).last(8).data());
  }
}

TEST(Session, IsSmallAndHoldsNothingBetweenMessages) {
  EXPECT_LE(sizeof(Session), 120U);
  Session session(Role::server, 1 << 20);
  Recorder recorder;
  receive(session, client_frame(binary, std::string(5000, 'x'), false), recorder, {.size = 100});
  EXPECT_EQ(session.assembly_size(), 5000U);
  EXPECT_TRUE(session.in_message());
  receive(session, client_frame(continuation, "x"), recorder);
  EXPECT_EQ(session.assembly_size(), 0U);
  EXPECT_FALSE(session.in_message());
}

TEST(Session, CountsWhatIsHeldForTheMessageOnly) {
  Session session(Role::server, 1000);
  Recorder recorder;
  EXPECT_FALSE(session.in_message());
  receive(session, client_frame(text, "", false), recorder);
  EXPECT_TRUE(session.in_message());
  EXPECT_EQ(session.assembly_size(), 0U);
  const std::string half = client_frame(continuation, "abcd", false);
  receive(session, half.substr(0, half.size() - 1), recorder);
  EXPECT_EQ(session.assembly_size(), 3U);
  receive(session, half.substr(half.size() - 1), recorder);
  const std::string amid = client_frame(ping, "12345678");
  receive(session, amid.substr(0, amid.size() - 2), recorder);
  EXPECT_EQ(session.assembly_size(), 4U);
  EXPECT_TRUE(recorder.events.empty());
  receive(session, amid.substr(amid.size() - 2), recorder);
  EXPECT_EQ(session.assembly_size(), 4U);
  EXPECT_EQ(recorder.events, Events{"ping:12345678"});
}

TEST(Session, TakesNoMemoryForEmptyFragments) {
  Session session(Role::server, 1000);
  Recorder recorder;
  receive(session, client_frame(binary, "", false), recorder);
  const std::string fragment = client_frame(continuation, "", false);
  std::string many;
  for (int i = 0; i < 1000; ++i) many += fragment;
  for (int i = 0; i < 10'000; ++i) session.receive(as_mutable_bytes(many), recorder);
  EXPECT_EQ(session.assembly_size(), 0U);
  receive(session, client_frame(continuation, "end"), recorder);
  EXPECT_EQ(recorder.events, Events{"binary:end"});
}

TEST(Session, TellsEveryPingOfAFlood) {
  std::string wire;
  Events pings;
  for (int i = 0; i < 1000; ++i) {
    wire += client_frame(ping, std::to_string(i));
    pings.push_back("ping:" + std::to_string(i));
  }
  EXPECT_EQ(events_chopped(wire, {}, {}), pings);
  EXPECT_EQ(events_chopped(wire, {}, {.size = 5}), pings);
}

TEST(Session, TakesNothingAfterCloseOrFailure) {
  const std::string more = client_frame(text, "unheard") + client_frame(close, "");
  EXPECT_EQ(events_of(client_frame(close, "") + more), Events{"close:1005:"});
  EXPECT_EQ(events_of(client_frame(close, "\x03") + more),
            Events{"failure:1002:Close payload of one byte"});
  EXPECT_EQ(events_of(client_frame(close, "\x03\xe8\xff") + more),
            Events{"failure:1007:close reason that isn't UTF-8"});
  EXPECT_EQ(events_of(client_frame(text, "\xff") + more),
            Events{"failure:1007:text that isn't UTF-8"});
}

TEST(Session, TellsNothingAfterStop) {
  Session session(Role::server, 1000);
  Recorder recorder;
  receive(session, client_frame(text, "a", false), recorder);
  session.stop();
  EXPECT_TRUE(session.stopped());
  EXPECT_FALSE(session.in_message());
  EXPECT_EQ(session.assembly_size(), 0U);
  receive(session, client_frame(continuation, "b") + client_frame(ping, ""), recorder);
  EXPECT_TRUE(recorder.events.empty());
}

TEST(Session, StopsInsideAnyCallback) {
  for (const FrameOpcode opcode : {text, binary, ping, pong, close}) {
    for (const std::size_t size : {1U, 1000U}) {
      Session session(Role::server, 1000);
      Recorder recorder;
      recorder.also = [&](const std::string&) { session.stop(); };
      receive(session, client_frame(opcode, "") + client_frame(ping, "unheard"), recorder,
              {.size = size});
      EXPECT_EQ(recorder.events.size(), 1U);
    }
  }
}

TEST(Session, ReadsOverMessagesOnceTheyAreDiscarded) {
  const std::string wire = client_frame(text, "heard") + client_frame(binary, "a", false) +
                           client_frame(ping, "p") + client_frame(continuation, "b") +
                           client_frame(text, "\xff") + client_frame(binary, std::string(99, 'x')) +
                           client_frame(pong, "q") + client_frame(close, "");
  const Events expected{"text:heard", "ping:p", "pong:q", "close:1005:"};
  for (std::size_t size = 1; size <= wire.size(); ++size) {
    Session session(Role::server, 50);
    Recorder recorder;
    recorder.also = [&](const std::string&) { session.discard_messages(); };
    receive(session, wire, recorder, {.size = size});
    EXPECT_EQ(recorder.events, expected) << "in portions of " << size;
  }
}

// Between any two bytes: amid a header, a message, a control frame amid a message.
TEST(Session, DiscardsAtAnyPlace) {
  const std::string wire = client_frame(text, "ab", false) + client_frame(ping, "ping") +
                           client_frame(continuation, "cd", false) + client_frame(pong, "pong") +
                           client_frame(continuation, "ef");
  for (std::size_t place = 0; place < wire.size(); ++place) {
    Session session(Role::server, 1000);
    Recorder recorder;
    receive(session, wire.substr(0, place), recorder, {.size = 1});
    session.discard_messages();
    EXPECT_EQ(session.assembly_size(), 0U);
    receive(session, wire.substr(place), recorder, {.size = 1});
    EXPECT_EQ(recorder.events, (Events{"ping:ping", "pong:pong"})) << "discarded at " << place;
    EXPECT_FALSE(session.in_message());
  }
}

}  // namespace
}  // namespace simws::protocol::test
