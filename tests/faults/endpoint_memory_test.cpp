// A server goes on whichever allocation fails, in plain and over TLS: at most one connection ends
// by it, what was opened is closed exactly once, others are served, and nothing is lost for good.
#include "endpoint_world.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace simws::faults {
namespace {

// A masked frame with RSV1 set.
std::string compressed_frame(const std::string& payload, bool fin = true) {
  std::string frame = client_frame(FrameOpcode::text, payload, fin);
  frame[0] = static_cast<char>(frame[0] | 0x40);
  return frame;
}

const char* const large = [] {
  static const std::string text(100'000, 'l');
  return text.data();
}();

void send_armed(Connection& connection, std::size_t size) {
  const std::string data(size, 'o');
  const Armed armed;
  (void)connection.send(data, Opcode::binary);
}

TEST_P(OutOfMemory, InAHandshake) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    peer->send(handshake().substr(0, 30));
    peer->send(handshake().substr(30));
  });
}

TEST_P(OutOfMemory, InARefusedHandshake) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    peer->send(handshake("Origin: http://evil.example\r\n"));
  });
}

TEST_P(OutOfMemory, InADecision) {
  survive([](World& world) {
    world.decides_later = true;
    const PeerPtr one = world.connect(), two = world.connect(), three = world.connect();
    one->send(handshake("X-Forwarded-For: 203.0.113.9\r\n") + text("early"));
    HeaderList headers = {{"X-Robot", "R2"}};
    HttpResponse refusal{404, std::string(100, 'n'), headers};
    if (world.undecided) {
      const Armed armed;
      (void)world.undecided->admit(std::move(headers));
    }
    world.loop().run_until_idle();
    two->send(handshake());
    if (world.undecided) {
      const Armed armed;
      (void)world.undecided->respond(std::move(refusal));
    }
    world.loop().run_until_idle();
    three->send(handshake());
    three->reset();
  });
}

TEST_P(OutOfMemory, BehindAProxyAndForPagesOfOthers) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    const std::string end =
        " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://lab.example\r\nX-Forwarded-For: ";
    peer->send("OPTIONS /" + end + "203.0.113.9\r\nAccess-Control-Request-Method: PUT\r\n\r\n");
    peer->send("GET /page" + end + "203.0.113.8, 127.0.0.9\r\nX-Forwarded-Proto: https\r\n\r\n");
    peer->send("GET /next" + end + "[2001:db8::1]:80\r\n\r\n");
  });
}

TEST_P(OutOfMemory, InEchoes) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    peer->send(text("small") + text(std::string(3000, 'm')));
    peer->send(text(std::string(70'000, 'l')));
    const std::string big = text(std::string(200'000, 'b'));
    for (std::size_t at = 0; at < big.size(); at += 65'536) peer->send(big.substr(at, 65'536));
    peer->send(client_frame(FrameOpcode::text, "be", false) +
               client_frame(FrameOpcode::ping, "between") +
               client_frame(FrameOpcode::continuation, "gun"));
  });
}

TEST_P(OutOfMemory, InEchoesThatWait) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    peer->set_window(100);
    peer->send(text("small") + text(std::string(3000, 'm')));
    peer->send(client_frame(FrameOpcode::ping, "one") + client_frame(FrameOpcode::ping, "two"));
    peer->send(text(std::string(30'000, 'l')));
    while (!peer->take().empty()) world.loop().run_until_idle();
  });
}

// Small messages at once, a large one in portions; both ways.
TEST_P(OutOfMemory, InCompressedEchoes) {
  for (const bool takes_over : {false, true}) {
    const std::string no_context =
        takes_over ? "" : "; server_no_context_takeover; client_no_context_takeover";
    survive([&](World& world) {
      const PeerPtr peer = world.connect();
      peer->send(handshake("Sec-WebSocket-Extensions: permessage-deflate" + no_context + "\r\n"));
      peer->take();
      // "Hello", fragmented too, and plain messages that are echoed compressed.
      const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07" + std::string(1, '\0');
      peer->send(compressed_frame(hello));
      peer->send(compressed_frame(hello.substr(0, 3), false) +
                 client_frame(FrameOpcode::continuation, hello.substr(3)));
      peer->send(text(std::string(3000, 'm')));
      const std::string big = text(std::string(150'000, 'b'));
      for (std::size_t at = 0; at < big.size(); at += 65'536) peer->send(big.substr(at, 65'536));
      peer->send(client_frame(FrameOpcode::ping, "between"));
      peer->send(text(std::string(3000, 'm')));
    });
  }
}

TEST_P(OutOfMemory, InHttp) {
  survive([](World& world) {
    const PeerPtr peer = world.connect();
    peer->send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n");
    peer->send(
        "POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\nExpect: "
        "100-continue\r\n\r\n");
    peer->send(std::string(50'000, 'b'));
    peer->send(std::string(40'000, 'b') + "GET /next HTTP/1.1\r\nHost: localhost\r\n\r\n" +
               "BAD\r\n\r\n");
  });
}

TEST_P(OutOfMemory, InTopics) {
  survive([](World& world) {
    world.may_lose_healthy = true;
    const PeerPtr peer = world.open();
    const PeerPtr page = world.connect();
    page->send(handshake("Sec-WebSocket-Protocol: simws.topics.1\r\n"));
    page->send(text("[\"subscribe\",\"a/#\",{\"policy\":\"latest\"}]"));
    page->send(text("[\"publish\",\"a\"]\nhello"));
    const SubscriptionOptions options[] = {{TopicPolicy::all, {}, {}, {}, {}},
                                           {TopicPolicy::latest, {}, 10.0, {}, {}},
                                           {TopicPolicy::resync, 100, {}, {}, {}}};
    for (const SubscriptionOptions& each : options) {
      Connection* const newest = world.newest();
      if (!newest) break;
      const Armed armed;
      (void)world.core().set_topic("a/b", {each, {}, {}});
      (void)world.core().subscribe(*newest, "a/b", each);
      for (const char* key : {"x", "y", "x"}) {
        (void)world.core().publish("a/b", "some state", Opcode::text, {key, true, true});
      }
      (void)world.core().publish("a/b", std::string_view(large, 90'000), Opcode::text, {});
    }
    world.loop().run_until_idle();
    world.advance(1);
    const PeerPtr collector = world.connect();
    collector->send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
    if (Connection* const newest = world.newest()) {
      (void)world.core().unsubscribe(*newest, "a/b");
    }
  });
}

TEST_P(OutOfMemory, InARecording) {
  survive([](World& world) {
    world.may_lose_healthy = true;
    auto file = RecordingFile::create("/dev/null");
    ASSERT_TRUE(file);
    {
      const Armed armed;
      (void)world.core().publish("a", "state", Opcode::text, {"x", true, true});
      (void)world.core().start_recording(std::move(file).value());
    }
    world.loop().run_until_idle();
    const PeerPtr peer = world.open();
    peer->send(text("small") + text(std::string(3000, 'm')));
    peer->send(client_frame(FrameOpcode::text, "be", false) +
               client_frame(FrameOpcode::continuation, "gun"));
    if (Connection* const newest = world.newest()) send_armed(*newest, 100'000);
    {
      const Armed armed;
      (void)world.core().broadcast("to all", Opcode::text, {});
      (void)world.core().publish("a", "more", Opcode::text, {});
    }
    world.loop().run_until_idle();
    peer->send(client_close(1000));
    const Armed armed;
    (void)world.core().stop_recording();
  });
}

TEST_P(OutOfMemory, InABroadcast) {
  survive([](World& world) {
    world.may_lose_healthy = true;
    const PeerPtr peer = world.open();
    for (const std::size_t size : {std::size_t{5}, std::size_t{90'000}}) {
      const std::string data(size, 'x');
      const Armed armed;
      (void)world.core().broadcast(data, Opcode::text, {});
    }
    world.loop().run_until_idle();
    const bool both_ended = peer->saw_reset() && world.healthy().saw_reset();
    EXPECT_FALSE(failing_for == Outage::once && both_ended);
  });
}

TEST_P(OutOfMemory, InAClose) {
  survive([](World& world) {
    const PeerPtr one = world.open();
    one->send(client_close(1000, "bye"));
    const PeerPtr other = world.open();
    if (world.newest()) {
      const Armed armed;
      (void)world.newest()->send("last words");
      (void)world.newest()->close(CloseCode::normal, "bye");
    }
    world.loop().run_until_idle();
    other->send(client_close(1000));
    const PeerPtr third = world.open();
    third->send("\xFF\xFF");
    const PeerPtr lost = world.open();
    lost->reset();
    const PeerPtr ended = world.open();
    ended->finish();
  });
}

TEST_P(OutOfMemory, InAnOverflow) {
  survive([](World& world) {
    const PeerPtr peer = world.open();
    peer->set_window(10);
    Connection* const connection = world.newest();
    for (int i = 0; i < 5 && world.newest() == connection && connection; ++i) {
      send_armed(*connection, 80'000);
      if (i % 2 == 0) world.loop().run_until_idle();
    }
    world.loop().run_until_idle();
    peer->take();
  });
}

TEST_P(OutOfMemory, InAnOverflowOfTheServer) {
  survive([](World& world) {
    std::vector<PeerPtr> peers;
    for (int i = 0; i < 4; ++i) {
      peers.push_back(world.open());
      peers.back()->set_window(10);
      if (world.newest()) send_armed(*world.newest(), 200'000);
    }
    const PeerPtr asks = world.connect();
    asks->set_window(10);
    asks->send("POST /up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n" +
               std::string(90'000, 'b'));
    world.loop().run_until_idle();
  });
}

TEST_P(OutOfMemory, InKeepAlive) {
  survive([](World& world) {
    const PeerPtr peer = world.open(), mute = world.open();
    mute->set_window(0);
    world.may_lose_healthy = true;
    world.advance(21);
    peer->send(peer->take().empty() ? "" : client_frame(FrameOpcode::pong, "no"));
    world.healthy().send(text("here"));
    world.advance(15);
    world.healthy().send(text("still here"));
    world.advance(10);
  });
}

TEST_P(OutOfMemory, InWhatIsPending) {
  survive([](World& world) {
    world.on_message = [](Connection& connection, std::string_view data) {
      connection.hold_pending(data.size());
    };
    world.may_lose_healthy = true;
    const PeerPtr one = world.open();
    Connection* const holder = world.newest();
    for (int i = 0; i < 4; ++i) one->send(text(std::string(90'000, 'a')));
    const PeerPtr two = world.open(), three = world.open();
    const std::string begun = text(std::string(900'000, 'b')).substr(0, 700'000);
    two->send(begun);
    three->send(begun);
    world.advance(6);
    world.healthy().send(text("here"));
    world.advance(6);
    if (world.is_there(holder)) holder->release_pending(90'000);
  });
}

TEST_P(OutOfMemory, InAStop) {
  const auto run = [] {
    World world(GetParam());
    PeerPtr waits = world.open(), asks = world.connect(), half = world.connect();
    waits->set_window(0);
    if (world.newest()) (void)world.newest()->send("waits");
    half->send("GET / HT");
    begin_failing();
    {
      const Armed armed;
      world.core().stop(true);
    }
    world.loop().run_until_idle();
    waits->take();
    world.advance(10);
    end_failing();
    world.expect_clean_end();
  };
  fail_every_allocation(run);
}

TEST_P(OutOfMemory, InAStart) {
  fail_every_allocation([] {
    SparingLoop loop;
    TurnEnd turn_end(loop);
    begin_failing();
    try {
      const Armed armed;
      ServerCore core(turn_end, small_options(GetParam()), {});
      (void)core.listen(port);
      core.stop(false);
    } catch (const std::bad_alloc&) {
      // Whoever starts a server is told.
    }
    loop.memory().run_until_idle();
    end_failing();
  });
}

INSTANTIATE_TEST_SUITE_P(Over, OutOfMemory, endpoint::test::both_wires(),
                         endpoint::test::wire_name);

}  // namespace
}  // namespace simws::faults
