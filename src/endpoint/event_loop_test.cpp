// EventLoop and Server as C++ programs use them, on real sockets.
#include <simws/server.h>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <future>
#include <string>
#include <thread>

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

TEST(Server, ChecksItsOptions) {
  EventLoop loop;
  ServerOptions options;
  options.close_timeout = Seconds{0};
  EXPECT_EQ(Server::listen(loop, 0, options, {}).error().code, ErrorCode::invalid_argument);
  options = {};
  options.max_message_size = 0;
  EXPECT_EQ(Server::listen(loop, 0, options, {}).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace simws
