// Attempts at WebSocket on which the application decides.
#include "endpoint/hostile_test_fixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace simws::endpoint::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class AnUpgradeHandler : public HostileTest {
 protected:
  // Decides later, by `asked`.
  void start_undecided(ServerOptions options = {}) {
    on_upgrade = [this](Connection& connection, const HttpRequest&) { asked = &connection; };
    on_fail = [this](Connection& connection) { error = connection.info().error; };
    start(std::move(options));
  }

  Connection* asked = nullptr;
  std::string error;
};

TEST_P(AnUpgradeHandler, AdmitsAtOnceOrLater) {
  bool at_once = false;
  on_upgrade = [&](Connection& connection, const HttpRequest& request) {
    EXPECT_EQ(request.method, "GET");
    EXPECT_EQ(request.head.find("X"), "y");
    EXPECT_EQ(connection.info().state, ConnectionState::connecting);
    asked = &connection;
    if (!at_once) return;
    EXPECT_TRUE(*connection.admit({{"X-Robot", "R2"}}));
    EXPECT_FALSE(*connection.admit()) << "twice";
    EXPECT_EQ(events.back(), "upgrade /a?b") << "not inside the call";
  };
  start();
  for (const bool decides_at_once : {true, false}) {
    at_once = decides_at_once;
    auto peer = connect();
    peer->send(handshake("X: y\r\n", "/a?b"));
    if (!at_once) {
      EXPECT_EQ(peer->take(), "");
      EXPECT_TRUE(*asked->admit({{"X-Robot", "R2"}}));
      EXPECT_FALSE(*asked->admit({{"X-Robot", "R3"}})) << "twice";
      EXPECT_FALSE(*asked->respond({403, "", {}})) << "twice";
      EXPECT_EQ(events, Words{"upgrade /a?b"}) << "not inside the call";
      loop->run_until_idle();
    }
    const std::string answer = peer->take();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 101 "));
    EXPECT_TRUE(answer.ends_with("\r\nX-Robot: R2\r\n\r\n")) << answer;
    EXPECT_EQ(take_events(), (Words{"upgrade /a?b", "open"}));
    EXPECT_FALSE(*asked->admit());
    peer->send(client_close(1000));
    peer->finish();
    loop->run_until_idle();
    EXPECT_EQ(take_events(), (Words{"close 1000 clean", "release"}));
  }
}

TEST_P(AnUpgradeHandler, RefusesWithWhatItSays) {
  start_undecided();
  auto peer = connect();
  peer->send(handshake());
  EXPECT_TRUE(*asked->respond({404, "no such robot", {{"X-Robot", "none"}}}));
  EXPECT_EQ(events, Words{"upgrade /"}) << "not inside the call";
  loop->run_until_idle();
  const std::string answer = peer->take();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answer, HasSubstr("X-Robot: none\r\n"));
  EXPECT_TRUE(answer.ends_with("no such robot"));
  EXPECT_THAT(error, HasSubstr("upgrade handler"));
  ASSERT_EQ(log.size(), 1u);
  EXPECT_THAT(log[0], HasSubstr("setUpgradeHandler"));
  peer->finish();
  loop->run_until_idle();
  EXPECT_EQ(events, (Words{"upgrade /", "fail", "release"}));
  EXPECT_EQ(core->info().refused, 1u);
}

TEST_P(AnUpgradeHandler, NeverFailsOpen) {
  const std::function<void(Connection&)> answers[] = {
      [](Connection&) { throw std::runtime_error("broken"); },
      [](Connection& connection) {
        EXPECT_FALSE(connection.respond({200, "", {}}));
      },
      [](Connection& connection) {
        EXPECT_FALSE(connection.respond({101, "", {}}));
      },
      [](Connection& connection) {
        EXPECT_FALSE(connection.respond({600, "", {}}));
      },
      [](Connection& connection) {
        EXPECT_FALSE(connection.admit({{"Upgrade", "h2c"}}));
      },
      [](Connection& connection) {
        EXPECT_FALSE(connection.admit({{"sec-websocket-accept", ""}}));
      },
      [](Connection& connection) {
        EXPECT_FALSE(connection.admit({{"CONTENT-LENGTH", "1"}}));
      },
      [](Connection& connection) {
        EXPECT_FALSE(connection.admit({{"A", "b\r\nC: d"}}));
      },
      [](Connection& connection) {
        EXPECT_FALSE(connection.admit({{"A: b\r\nC", "d"}}));
      },
      [](Connection& connection) {
        (void)connection.respond({400, "", {{"A", "b\nC: d"}}});
      },
  };
  std::size_t next = 0;
  on_upgrade = [&](Connection& connection, const HttpRequest&) { answers[next](connection); };
  start();
  for (next = 0; next < std::size(answers); ++next) {
    SCOPED_TRACE(next);
    auto peer = connect();
    peer->send(handshake());
    loop->run_until_idle();
    EXPECT_THAT(peer->take(), StartsWith("HTTP/1.1 500 "));
    peer->finish();
    loop->run_until_idle();
    EXPECT_EQ(take_events(), (Words{"upgrade /", "fail", "release"}));
  }
}

TEST_P(AnUpgradeHandler, IsAskedOnlyWhoPassesAllOtherRules) {
  start_undecided();
  for (const std::string& attempt :
       {handshake("Origin: http://evil.example\r\n"), Opening{.key = ""}.bytes(),
        Opening{.version = "Sec-WebSocket-Version: 8\r\n"}.bytes()}) {
    auto peer = connect();
    peer->send(attempt);
    EXPECT_THAT(peer->take(), StartsWith("HTTP/1.1 4"));
    EXPECT_EQ(take_events(), (Words{"fail", "release"}));
    peer->finish();
    loop->run_until_idle();
    events.clear();
  }
  EXPECT_EQ(asked, nullptr);
}

TEST_P(AnUpgradeHandler, IsTooLate) {
  start_undecided();
  auto peer = connect();
  peer->send(handshake());
  advance(4.9);
  EXPECT_EQ(peer->take(), "");
  advance(0.2);
  EXPECT_THAT(peer->take(), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(error, HasSubstr("handshakeTimeout"));
  EXPECT_EQ(events, (Words{"upgrade /", "fail", "release"}));
  ASSERT_EQ(log.size(), 1u);
}

TEST_P(AnUpgradeHandler, HearsOfPeersThatLeaveMeanwhile) {
  start_undecided();
  for (const bool resets : {false, true}) {
    for (const std::string& early : {std::string(), text("early")}) {
      auto peer = connect();
      peer->send(handshake() + early);
      resets ? peer->reset() : peer->finish();
      loop->run_until_idle();
      EXPECT_EQ(take_events(), (Words{"upgrade /", "fail", "release"}));
      if (resets) continue;
      EXPECT_THAT(error, HasSubstr("before the upgrade handler had decided"));
    }
  }
}

TEST_P(AnUpgradeHandler, DecidesBetweenTheEndOfThePeerAndItsOwnTurn) {
  start_undecided();
  auto peer = connect();
  peer->send(handshake());
  EXPECT_TRUE(*asked->admit());
  peer->reset();
  loop->run_until_idle();
  EXPECT_EQ(count(events, "open"), count(events, "close"));
  EXPECT_EQ(count(events, "open") + count(events, "fail"), 1);
  EXPECT_EQ(events.back(), "release");
}

TEST_P(AnUpgradeHandler, GetsWhatCameEarlyOnlyWhenItAdmits) {
  start_undecided();
  for (const bool admits : {true, false}) {
    auto peer = connect();
    peer->send(handshake() + text("one"));
    peer->send(text("two"));
    EXPECT_EQ(take_events(), Words{"upgrade /"});
    (void)(admits ? asked->admit() : asked->respond({403, "", {}}));
    loop->run_until_idle();
    EXPECT_EQ(take_events(),
              admits ? (Words{"open", "text one", "text two"}) : (Words{"fail", "release"}));
    peer->send(text("three"));
    EXPECT_EQ(take_events(), admits ? Words{"text three"} : Words{});
    peer->reset();
    loop->run_until_idle();
    events.clear();
  }
}

TEST_P(AnUpgradeHandler, ReadsNoMoreThanItHasTo) {
  start_undecided();
  auto peer = connect();
  peer->send(handshake());
  for (int i = 0; i < 100; ++i) peer->send(std::string(16'384, 'x'));
  loop->run_until_idle();
  EXPECT_LT(core->info().bytes_in, 200'000u);
  advance(5.1);
  EXPECT_THAT(peer->take(), StartsWith("HTTP/1.1 503 "));
}

TEST_P(AnUpgradeHandler, HearsNothingMoreOfAServerThatStops) {
  for (const bool decided : {false, true}) {
    start_undecided();
    auto peer = connect();
    peer->send(handshake());
    EXPECT_EQ(decided && *asked->admit(), decided);
    core->stop(true);
    EXPECT_FALSE(*asked->admit());
    loop->run_until_idle();
    EXPECT_THAT(peer->take(), StartsWith("HTTP/1.1 503 "));
    EXPECT_TRUE(peer->saw_end());
    EXPECT_EQ(take_events(), (Words{"upgrade /", "release"}));
    loop->run_until_idle();
    core.reset();
  }
}

TEST_P(AnUpgradeHandler, MayStopItsServer) {
  on_upgrade = [&](Connection& connection, const HttpRequest&) {
    core->stop(true);
    EXPECT_FALSE(*connection.admit());
  };
  start();
  auto peer = connect();
  peer->send(handshake());
  loop->run_until_idle();
  EXPECT_THAT(peer->take(), StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(events, (Words{"upgrade /", "release"}));
}

TEST_P(AnUpgradeHandler, ServesHttpBeforeAndPipelined) {
  start_undecided();
  on_http = [](Connection& connection, const HttpRequest&) {
    (void)connection.respond({200, "page", {}});
  };
  auto peer = connect();
  peer->send("GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n" + handshake());
  loop->run_until_idle();
  EXPECT_EQ(events, (Words{"http GET /page", "upgrade /"}));
  EXPECT_TRUE(*asked->admit());
  loop->run_until_idle();
  EXPECT_EQ(words_of_answer(peer->take()), "200 101");
  EXPECT_EQ(events.back(), "open");
}

TEST_P(AnUpgradeHandler, IsAskedOnceHoweverTheAttemptComes) {
  on_upgrade = [](Connection& connection, const HttpRequest& request) {
    if (request.resource == "/no") {
      (void)connection.respond({403, "", {}});
    } else {
      (void)connection.admit();
    }
  };
  on_message = [](Connection& connection, std::string_view data, Opcode opcode) {
    (void)connection.send(data, opcode);
  };
  start();
  for (const char* target : {"/yes", "/no"}) {
    const std::string attempt = handshake({}, target) + text("hi");
    for (std::size_t cut = 1; cut < attempt.size(); ++cut) {
      auto peer = connect();
      peer->send(std::string_view(attempt).substr(0, cut));
      peer->send(std::string_view(attempt).substr(cut));
      loop->run_until_idle();
      EXPECT_EQ(words_of_answer(peer->take()), target[1] == 'y' ? "101 text" : "403");
      EXPECT_EQ(count(events, "upgrade"), 1);
      peer->reset();
      loop->run_until_idle();
      events.clear();
      if (HasFailure()) return;
    }
  }
}

TEST_P(AnUpgradeHandler, HearsOfAttemptsInEveryWayTheyComeAndEnd) {
  on_upgrade = [](Connection& connection, const HttpRequest& request) {
    if (request.resource == "/no") {
      (void)connection.respond({404, "none", {}});
    } else {
      (void)connection.admit({{"X-Robot", "R2"}});
    }
  };
  serve();
  const std::string early = text("hi") + client_close(1000);
  run(HostileCases{
      {"admitted",
       handshake({}, "/yes") + early,
       "101 text close 1000",
       {"upgrade /yes", "open", "text hi", "close 1000 clean", "release"}},
      {"refused", handshake({}, "/no") + early, "404", {"upgrade /no", "fail", "release"}},
      {"behind a request",
       "GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n" + handshake({}, "/no"),
       "200 404",
       {"http GET /page", "upgrade /no", "fail", "release"}},
  });
}

INSTANTIATE_TEST_SUITE_P(Over, AnUpgradeHandler, testing::Values(Wire::plain), wire_name);

}  // namespace
}  // namespace simws::endpoint::test
