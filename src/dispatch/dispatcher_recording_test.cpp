// Recordings, as a script has them.
#include "dispatch/dispatch_test_fixture.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace simws::dispatch {
namespace {

using namespace test;

class DispatcherRecordingTest : public DispatcherTest {
 protected:
  DispatcherRecordingTest() {
    std::string folder =
        (std::filesystem::temp_directory_path() / "simws_recording_XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) ADD_FAILURE() << "no folder " << folder;
    folder_ = folder;
  }
  ~DispatcherRecordingTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string path() const { return (folder_ / "run.jsonl").string(); }
  std::string content() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t count_of(std::string_view words) const {
    const std::string text = content();
    std::size_t count = 0;
    for (std::size_t at = text.find(words); at != text.npos; at = text.find(words, at + 1)) ++count;
    return count;
  }

 private:
  std::filesystem::path folder_;
};

TEST_P(DispatcherRecordingTest, HasWhatTheScriptSendsAndGets) {
  const EndpointId server = start();
  ASSERT_TRUE(dispatcher.start_recording(server, path()));
  EXPECT_EQ(*dispatcher.broadcast(server, "to nobody", Opcode::text), 0u);
  TestClient one = open(server), other = open(server);
  one.send(TestClient::frame("question"));
  run_until_events(3);
  EXPECT_TRUE(*dispatcher.send(server, 1, "answer"));
  EXPECT_EQ(*dispatcher.broadcast(server, "to both", Opcode::text), 2u);
  EXPECT_EQ(*dispatcher.publish(server, "a", "published", Opcode::text, {}), 0u);
  const auto info = dispatcher.stop_recording(server);
  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->lines, 7u);
  EXPECT_EQ(info->file, path());
  EXPECT_EQ(info->left_out, 0u);
  run_until([&] { return count_of("published") == 1; });
  for (const char* const line :
       {"\"text\":\"to nobody\"", "\"open\":1", "\"open\":2", "\"from\":1,\"text\":\"question\"",
        "\"to\":1,\"text\":\"answer\"", "\"text\":\"to both\"", "\"topic\":\"a\""}) {
    EXPECT_EQ(count_of(line), 1u) << line;
  }
}

TEST_P(DispatcherRecordingTest, ErrorsAreToldAtOnce) {
  const EndpointId server = start();
  EXPECT_EQ(dispatcher.start_recording(server + 1000, path()).error().code,
            ErrorCode::invalid_handle);
  EXPECT_EQ(dispatcher.stop_recording(server).error().code, ErrorCode::invalid_state);
  const auto nowhere = dispatcher.start_recording(server, path() + "/no");
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find(path() + "/no"), std::string::npos);
  ASSERT_TRUE(dispatcher.start_recording(server, path()));
  EXPECT_EQ(dispatcher.start_recording(server, path()).error().code, ErrorCode::invalid_state);
  EXPECT_TRUE(dispatcher.stop_recording(server));
  EXPECT_EQ(dispatcher.stop_recording(server).error().code, ErrorCode::invalid_state);
}

TEST_P(DispatcherRecordingTest, OneThatEndedByItselfGivesWayToTheNext) {
  const EndpointId server = start();
  ASSERT_TRUE(dispatcher.start_recording(server, "/dev/full"));
  run_until([&] {
    const std::lock_guard lock(log_mutex);
    return log.size() == 1;
  });
  EXPECT_TRUE(dispatcher.start_recording(server, path()));
}

TEST_P(DispatcherRecordingTest, StoppingTheServerFinishesIt) {
  const EndpointId server = start();
  ASSERT_TRUE(dispatcher.start_recording(server, path()));
  TestClient client = open(server);
  stop(server);
  EXPECT_FALSE(dispatcher.stop_recording(server));
  run_until([&] { return count_of("\"close\":1,\"code\":1001") == 1; });
}

INSTANTIATE_TEST_SUITE_P(Drives, DispatcherRecordingTest, both_drives(), drive_name);

}  // namespace
}  // namespace simws::dispatch
