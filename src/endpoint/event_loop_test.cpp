// EventLoop and Server as C++ programs use them, on real sockets.
#include <simws/server.h>

#include "endpoint/server_test_fixture.h"
#include "transport/test_network.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <functional>
#include <future>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace simws {
namespace {

TEST(EventLoop, RunsTasksInTheOrderPostedUntilItIsStopped) {
  EventLoop loop;
  std::string order;
  loop.post([&] { order += "a"; });
  loop.post([&] {
    order += "b";
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(order, "ab");
}

TEST(EventLoop, RunsOnAThreadOfItsOwn) {
  EventLoop loop;
  std::promise<std::thread::id> where;
  loop.start_thread();
  EXPECT_TRUE(loop.has_thread());
  loop.post([&] { where.set_value(std::this_thread::get_id()); });
  EXPECT_NE(where.get_future().get(), std::this_thread::get_id());
  loop.stop_thread();
  EXPECT_FALSE(loop.has_thread());
}

TEST(EventLoop, AThreadOfItsOwnEndsByNothingElse) {
  EventLoop loop;
  loop.stop();
  loop.start_thread();
  loop.stop();
  std::promise<void> is_alive;
  loop.post([&] {
    loop.stop();
    loop.post([&] { is_alive.set_value(); });
  });
  is_alive.get_future().wait();
  loop.stop_thread();
  bool has_run = false;
  loop.post([&] {
    has_run = true;
    loop.stop();
  });
  loop.run();
  EXPECT_TRUE(has_run) << "the thread's end ends nothing else";
}

TEST(EventLoop, SurvivesWhatTasksThrow) {
  EventLoop loop;
  bool next_has_run = false;
  loop.post([] { throw std::runtime_error("the first"); });
  loop.post([&] { next_has_run = true; });
  loop.call_after(Seconds{0.001}, [] { throw 3; });
  loop.call_after(Seconds{0.002}, [&] { loop.post([&] { loop.stop(); }); });
  testing::internal::CaptureStderr();
  loop.run();
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(next_has_run);
  EXPECT_NE(log.find("threw: the first"), std::string::npos) << log;
  EXPECT_NE(log.find("threw: something that is no exception"), std::string::npos) << log;
}

TEST(EventLoop, CallsAfterADelayInTheOrderDue) {
  EventLoop loop;
  std::string order;
  loop.call_after(Seconds{0.02}, [&] {
    order += "later";
    loop.stop();
  });
  loop.call_after(Seconds{0.001}, [&] { order += "soon "; });
  EXPECT_GT(loop.next_timeout(), Seconds{-1});
  loop.run();
  EXPECT_EQ(order, "soon later");
}

TEST(EventLoop, DrainReturnsAtOnceWhenNothingLingers) {
  EventLoop loop;
  loop.drain(Seconds{3600});
}

TEST(EventLoop, SaysWhenTheSystemHasNoDescriptorLeft) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  EventLoop loop;
  setrlimit(RLIMIT_NOFILE, &before);
  loop.poll();
  loop.post([] {});
  loop.call_after(Seconds{1}, [] {});
  EXPECT_EQ(loop.fileno(), -1);
  const auto server = Server::listen(loop, 0, {}, {});
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().message.find("ulimit"), std::string::npos);
}

TEST(Server, NamesAddressPortAndCauseWhenItCannotListen) {
  EventLoop loop;
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  const auto first = Server::listen(loop, 0, options, {});
  ASSERT_TRUE(first);
  const int taken = (*first)->info().port;
  const auto second = Server::listen(loop, taken, options, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::address_in_use);
  EXPECT_NE(second.error().message.find("127.0.0.1:" + std::to_string(taken)), std::string::npos)
      << second.error().message;
  for (const int port : {-1, 65536, 70000}) {
    EXPECT_EQ(Server::listen(loop, port, options, {}).error().code, ErrorCode::invalid_argument);
  }
  options.host = "203.0.113.7";
  EXPECT_EQ(Server::listen(loop, 0, options, {}).error().code, ErrorCode::unavailable);
  options.host = "no address";
  EXPECT_EQ(Server::listen(loop, 0, options, {}).error().code, ErrorCode::invalid_argument);
  (*first)->stop();
  EXPECT_EQ((*first)->info().port, taken);
}

TEST(Server, DoesntTakeAnOptionThatHasNoEffectWithoutAnother) {
  EventLoop loop;
  const auto error_of = [&](const std::function<void(ServerOptions&)>& set) {
    ServerOptions options;
    options.logger = [](LogLevel, std::string_view) {};
    set(options);
    const auto server = Server::listen(loop, 0, options, {});
    return server ? std::string() : server.error().message;
  };
  const std::string proxies =
      " is for the proxies of the option trustedProxies, which isn't given: list their addresses "
      "there";
  EXPECT_EQ(error_of([](auto& options) { options.forwarded = true; }),
            "the option forwarded" + proxies);
  EXPECT_EQ(error_of([](auto& options) { options.trust_forwarded_host = true; }),
            "the option trustForwardedHost" + proxies);
  EXPECT_EQ(error_of([](auto& options) { options.publishable = {"a"}; }),
            "the option publishable is for pages that the option topics lets in, or for those of "
            "edges (option broker), and neither is given");
  EXPECT_EQ(error_of([](auto& options) {
              options.trusted_proxies = {"127.0.0.1"};
              options.forwarded = options.trust_forwarded_host = true;
              options.topics = options.publishable = {"a"};
            }),
            "");
}

TEST(Server, MayBeOwnedByAnotherOnesHandlers) {
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  for (const bool is_run : {true, false}) {
    EventLoop loop;
    std::shared_ptr<Server> inner = Server::listen(loop, 0, options, {}).value();
    ServerHandlers handlers;
    handlers.open = [inner](Connection&) {};
    auto outer = Server::listen(loop, 0, options, std::move(handlers)).value();
    handlers = {};
    inner.reset();
    outer.reset();
    for (int turn = 0; is_run && turn < 5; ++turn) loop.poll();
  }
}

// Much waits behind a request that isn't answered yet, and more of it in the system, when another
// connection's handler answers.
TEST(Server, HandlesWhatWaitsBeforeWhatCameLater) {
  using transport::SocketTestPeer;
  EventLoop loop;
  Connection* unanswered = nullptr;
  std::vector<std::string> asked;
  bool is_open = false;
  ServerHandlers handlers;
  handlers.open = [&](Connection&) { is_open = true; };
  handlers.message = [&](Connection&, std::string_view, Opcode) {
    EXPECT_TRUE(*unanswered->respond({}));
  };
  handlers.http = [&](Connection& connection, const HttpRequest& request) {
    asked.emplace_back(request.resource);
    if (request.resource == "/later") {
      unanswered = &connection;
    } else {
      EXPECT_TRUE(*connection.respond({}));
    }
  };
  ServerOptions options;
  options.logger = [](LogLevel, std::string_view) {};
  const auto server = Server::listen(loop, 0, options, std::move(handlers)).value();
  const auto port = static_cast<std::uint16_t>(server->info().port);
  const transport::Address address{{127, 0, 0, 1}, port, false};
  const auto run_until = [&](const std::function<bool()>& holds) {
    while (!holds()) loop.poll(Seconds{10});
  };
  SocketTestPeer asking(transport::connect_socket(address));
  SocketTestPeer other(transport::connect_socket(address));
  other.send(endpoint::test::handshake());
  const std::string end = " HTTP/1.1\r\nHost: localhost\r\n";
  asking.send("GET /first" + end + "\r\n");
  run_until([&] { return is_open && asked.size() == 1; });
  // What of the body is read later looks like a request wherever it's begun.
  const std::string inner = "GET /inner" + end + "\r\n";
  std::string body;
  while (body.size() < 60'000) body += inner;
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  asking.send("GET /later" + end + "\r\nPOST /body" + end + length + "\r\n" + body + "GET /last" +
              end + "\r\n");
  other.send(endpoint::test::text(""));
  run_until([&] { return asked.size() >= 4; });
  EXPECT_EQ(asked, (std::vector<std::string>{"/first", "/later", "/body", "/last"}));
}

TEST(Server, ChecksItsOptions) {
  EventLoop loop;
  ServerOptions options;
  options.close_timeout = Seconds{0};
  EXPECT_EQ(Server::listen(loop, 0, options, {}).error().code, ErrorCode::invalid_argument);
  options = {};
  options.max_message_size = 0;
  EXPECT_EQ(Server::listen(loop, 0, options, {}).error().code, ErrorCode::invalid_argument);
  options = {};
  for (const char* const name : {"x\r\nSet-Cookie: a=b", "x\n", "\x7f"}) {
    options.server_name = name;
    const auto server = Server::listen(loop, 0, options, {});
    ASSERT_FALSE(server) << name;
    EXPECT_EQ(server.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(server.error().message.find("server_name"), std::string::npos);
  }
}

TEST(Server, RefusesOptionsThatCanNeverWork) {
  EventLoop loop;
  const auto error_of = [&](const ServerOptions& options) {
    const auto server = Server::listen(loop, 0, options, {});
    return server ? "none" : server.error().message;
  };
  ServerOptions hosts, origins, subprotocols, time, interval;
  hosts.hosts = {"*"};
  origins.origins = {"https://lab.example/"};
  subprotocols.subprotocols = {"v1", "v1"};
  time.ping_timeout = Seconds{std::numeric_limits<double>::infinity()};
  interval.ping_interval = Seconds{-1};
  EXPECT_TRUE(error_of(hosts).starts_with("option hosts: '*' is no name of a host"));
  EXPECT_TRUE(error_of(origins).starts_with("option origins: 'https://lab.example/' is no origin"));
  EXPECT_EQ(error_of(subprotocols), "option subprotocols: 'v1' is listed twice: leave one out");
  EXPECT_EQ(error_of(time), "ping_timeout must be over 0 and at most 1e9 seconds, not inf");
  EXPECT_EQ(error_of(interval), "ping_interval must be 0 (off) to 1e9 seconds, not -1.000000");
}

}  // namespace
}  // namespace simws
