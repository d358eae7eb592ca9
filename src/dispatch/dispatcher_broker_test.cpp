// What viewers of edges publish, as a script hears of it. The helper process is a script of the
// shell, which says what it's to say at once.
#include "dispatch/dispatch_test_fixture.h"
#include "protocol/broker/helper_words.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace simws::dispatch {
namespace {

using namespace test;
namespace word = protocol::helper_word;

class DispatcherBrokerTest : public DispatcherTest {
 protected:
  DispatcherBrokerTest() {
    const std::string pattern = testing::TempDir() + "simws_helper_XXXXXX";
    folder_ = pattern;
    EXPECT_TRUE(::mkdtemp(folder_.data()));
  }
  ~DispatcherBrokerTest() override { std::filesystem::remove_all(folder_); }

  // A server whose helper says these frames. Own thread: they come while it serves, and not before.
  EndpointId start_with(const std::string& frames, ServerOptions options = {}) {
    std::ofstream(folder_ + "/frames", std::ios::binary) << frames;
    const std::string program = folder_ + "/simws-broker";
    std::ofstream(program) << "#!/bin/sh\ncat '" << folder_ << "/frames' >&0\ncat > /dev/null\n";
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    options.broker.emplace().url = "nats://b";
    options.broker->program = program;
    options.name = "arm";
    options.publishable = {"orders/#"};
    const bool is_driven = GetParam() == Drive::network_thread;
    return is_driven ? start(std::move(options)) : start_undriven(std::move(options));
  }
  static std::string publication(std::string_view topic, std::string_view data) {
    return word::publish({"e1", "10.0.0.7:5", 3}, topic, Opcode::text, data.size()) +
           std::string(data);
  }
  BrokerInfo info(EndpointId server) { return *dispatcher.server_info(server)->broker; }

 private:
  std::string folder_;
};

TEST_P(DispatcherBrokerTest, IsAMessageOfNoConnection) {
  Words viewers;
  also = [&](const Event& event) {
    ASSERT_TRUE(event.viewer);
    viewers.push_back(event.viewer->edge + " " + event.viewer->address + " " +
                      std::to_string(event.viewer->connection) + " " + std::string(event.topic));
  };
  const EndpointId server =
      start_with(publication("orders/go", "north") + publication("other", "refused") +
                 publication("orders", std::string(100000, 'x')));
  run_until_events(2);
  EXPECT_EQ(events, (Words{"message 0 north", "message 0 " + std::string(100000, 'x')}));
  EXPECT_EQ(viewers, (Words{"e1 10.0.0.7:5 3 orders/go", "e1 10.0.0.7:5 3 orders"}));
  EXPECT_EQ(info(server).incoming, 3U);
  EXPECT_EQ(info(server).incoming_dropped, 1U);
  stop(server);
}

TEST_P(DispatcherBrokerTest, IsOneOfManyConnections) {
  const EndpointId server = start_with(publication("orders", "remote"));
  run_until_events(1);
  TestClient client = open(server);
  EXPECT_EQ(events, (Words{"message 0 remote", "open 1"})) << "it has no place among connections";
  EXPECT_FALSE(dispatcher.send(server, 0, "nobody").ok());
  stop(server);
}

TEST_P(DispatcherBrokerTest, BeyondMaxPendingBytesIsDropped) {
  constexpr std::size_t count = 50;
  std::string frames;
  for (std::size_t i = 0; i < count; ++i) frames += publication("orders", std::string(1000, 'x'));
  ServerOptions options;
  options.max_pending_bytes = 10000;
  const EndpointId server = start_with(frames, std::move(options));
  if (GetParam() == Drive::network_thread) {
    while (info(server).incoming < count) std::this_thread::yield();
    EXPECT_GT(info(server).incoming_dropped, count / 2);
  }
  run_until([&] { return events.size() + info(server).incoming_dropped == count; });
  stop(server);
}

INSTANTIATE_TEST_SUITE_P(Driven, DispatcherBrokerTest, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
