// How long a script takes, as its servers' figures have it.
#include "dispatch/dispatch_test_fixture.h"

#include <cstdint>
#include <string>

namespace simws::dispatch {
namespace {

using namespace test;

class TimesTest : public DispatcherTest {
 protected:
  ServerInfo info(EndpointId server) { return *dispatcher.server_info(server); }
};

TEST_P(TimesTest, CallbacksAreMeasured) {
  const EndpointId server = start();
  TestClient client = open(server);
  const std::uint64_t begun = info(server).callback_time.count();
  for (int i = 0; i < 5; ++i) client.send(TestClient::frame("a"));
  run_until_events(6);
  const Histogram times = info(server).callback_time;
  EXPECT_EQ(times.count(), begun + 5);
  EXPECT_GT(times.sum.count(), 0);
  EXPECT_GE(times.sum, times.longest);
}

// Where no pass reads the clock each 16th stands for the others.
TEST_P(TimesTest, OfManyCallbacksSomeStandForAll) {
  const EndpointId server = start();
  TestClient client = open(server);
  for (int i = 0; i < 400; ++i) client.send(TestClient::frame("a"));
  run_until_events(401);
  const std::uint64_t count = info(server).callback_time.count();
  EXPECT_GT(count, 401u - 16);
  EXPECT_LE(count, 401u);
}

TEST_P(TimesTest, PassesAreMeasuredWhereThereAreAny) {
  const EndpointId server = start();
  TestClient client = open(server);
  client.send(TestClient::frame("a"));
  run_until_events(2);
  const Histogram passes = info(server).pass_time;
  if (GetParam() == Drive::own_thread) {
    EXPECT_EQ(info(server).callback_time.count(), 2u);
  } else {
    EXPECT_GE(passes.count(), 1u);
    EXPECT_GE(passes.sum, info(server).callback_time.sum);
  }
}

TEST_P(TimesTest, StepsAreTheirCallersToMeasure) {
  const EndpointId server = start();
  EXPECT_EQ(info(server).step_lateness.count(), 0u);
  dispatcher.times().step_lateness.observe(std::chrono::milliseconds(2));
  EXPECT_EQ(info(server).step_lateness.longest, Seconds{0.002});
}

TEST_P(TimesTest, AConnectionHasItsFigures) {
  const EndpointId server = start();
  TestClient client = open(server);
  client.send(TestClient::frame("hello"));
  run_until_events(2);
  EXPECT_TRUE(*dispatcher.send(server, 1, "answer", Opcode::text));
  run_until([&] { return dispatcher.connection_info(server, 1)->bytes_out > 0; });
  const ConnectionInfo info = *dispatcher.connection_info(server, 1);
  EXPECT_EQ(info.messages_in, 1u);
  EXPECT_EQ(info.messages_out, 1u);
  EXPECT_EQ(info.bytes_in, TestClient::frame("hello").size());
  EXPECT_EQ(info.bytes_out, 8u);
  EXPECT_EQ(info.queue_age, Seconds{0});
  also = [&](const Event& event) {
    if (event.kind != EventKind::close) return;
    EXPECT_EQ(dispatcher.connection_info(server, 1)->messages_in, 1u) << "in its close event too";
  };
  client.send(TestClient::frame("\x03\xE8", 0x88));
  run_until_events(3);
}

INSTANTIATE_TEST_SUITE_P(Dispatch, TimesTest, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
