// A server's recording: what is in its file, and that nobody waits for it.
#include "endpoint/recording.h"

#include "endpoint/topics_test_fixture.h"
#include "recording/input_file.h"
#include "recording/line_writer.h"
#include "recording/output_file.h"
#include "transport/test_files.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace simws::endpoint {
namespace {

using namespace test;
using protocol::FrameOpcode;

class RecordingTest : public TopicsTest {
 protected:
  void prepare(ServerOptions& options) override {
    options.topics = {"#"};
    options.publishable = {"#"};
  }

  std::string path(const std::string& name = "run.jsonl") const { return files.path(name); }

  Result<void> record(const std::string& file) {
    auto created = RecordingFile::create(file);
    EXPECT_TRUE(created) << created.error().message;
    return core->start_recording(std::move(created).value());
  }
  void start_recorded() {
    start();
    ASSERT_TRUE(record(path()));
    loop->run_until_idle();
  }
  RecordingInfo stop_recording() {
    auto info = core->stop_recording();
    EXPECT_TRUE(info) << info.error().message;
    loop->run_until_idle();
    return info ? std::move(info).value() : RecordingInfo();
  }

  // The lines of a recording without their times.
  Words lines_of(const std::string& file) {
    const auto in = recording::InputFile::open(file);
    if (!in) return {in.error().message};
    Words lines;
    while (true) {
      auto entry = (*in)->next();
      if (!entry) lines.push_back(entry.error().message);
      if (!entry || !*entry) break;
      (*entry)->time = 0;
      std::string line;
      recording::append_line(line, **entry);
      lines.push_back("{" + line.substr(14, line.size() - 15));
    }
    if ((*in)->was_cut_off()) lines.emplace_back("cut off");
    return lines;
  }
  Words lines() { return lines_of(path()); }

  transport::TestFiles files;
};

const std::string opened = "{\"open\":1,\"address\":\"127.0.0.1:50000\"}";

TEST_F(RecordingTest, HasAHeaderFromTheStart) {
  start_recorded();
  const auto in = recording::InputFile::open(path());
  ASSERT_TRUE(in) << in.error().message;
  EXPECT_EQ((*in)->header().server, "127.0.0.1:9000");
  EXPECT_EQ((*in)->header().began.size(), 27u);
  EXPECT_EQ(lines(), Words());
}

TEST_F(RecordingTest, HasWhatIsSentAndReceived) {
  start_recorded();
  const auto peer = open();
  peer->send(text("question"));
  loop->run_until_idle();
  EXPECT_TRUE(*connections[0]->send("answer"));
  EXPECT_TRUE(*connections[0]->send("\xFF", Opcode::binary));
  EXPECT_FALSE(connections[0]->send("\xFF"));
  peer->send(client_close(1000, "bye"));
  loop->run_until_idle();
  EXPECT_EQ(lines(), (Words{opened, "{\"from\":1,\"text\":\"question\"}",
                            "{\"to\":1,\"text\":\"answer\"}", "{\"to\":1,\"binary\":\"/w==\"}",
                            "{\"close\":1,\"code\":1000,\"reason\":\"bye\"}"}));
}

TEST_F(RecordingTest, HasTimesOfTheMonotonicClock) {
  start_recorded();
  const auto peer = open();
  advance(1.5);
  EXPECT_TRUE(*connections[0]->send("later"));
  loop->run_until_idle();
  const auto in = recording::InputFile::open(path());
  ASSERT_TRUE(in);
  EXPECT_EQ((**(*in)->next()).time, 0u);
  EXPECT_EQ((**(*in)->next()).time, 1'500'000u);
}

TEST_F(RecordingTest, HasABroadcastOnceHoweverManyGetIt) {
  start_recorded();
  EXPECT_EQ(*core->broadcast("to nobody", Opcode::text, {}), 0u);
  const auto one = open(), other = open();
  EXPECT_EQ(*core->broadcast("to both", Opcode::binary, {}), 2u);
  loop->run_until_idle();
  const Words all = lines();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0], "{\"text\":\"to nobody\"}");
  EXPECT_EQ(all[3], "{\"binary\":\"dG8gYm90aA==\"}");
}

TEST_F(RecordingTest, HasWhatIsPublishedOnceWithTopicAndKey) {
  start_recorded();
  const auto one = open(), other = open();
  subscribe(*connections[0], "a");
  subscribe(*connections[1], "#");
  publish("a", "x", {"key", true, true});
  const auto publication = core->topics().door()->publish("b", "y", Opcode::text, {}, 0);
  core->publish(*publication);
  loop->run_until_idle();
  const Words all = lines();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[2], "{\"topic\":\"a\",\"key\":\"key\",\"retain\":true,\"text\":\"x\"}");
  EXPECT_EQ(all[3], "{\"topic\":\"b\",\"text\":\"y\"}");
}

TEST_F(RecordingTest, HasWhatPagesPublishAndSendWithoutTheirHeaderLines) {
  start_recorded();
  const auto page = open_page();
  page->send(text("[\"publish\",\"commands\"]\ngo"));
  page->send(text("\nplain"));
  loop->run_until_idle();
  EXPECT_TRUE(*connections[0]->send("answer"));
  loop->run_until_idle();
  EXPECT_EQ(lines(), (Words{opened, "{\"from\":1,\"topic\":\"commands\",\"text\":\"go\"}",
                            "{\"from\":1,\"text\":\"plain\"}", "{\"to\":1,\"text\":\"answer\"}"}));
}

TEST_F(RecordingTest, BeginsWithWhoIsThereAndWhatIsRetained) {
  start();
  const auto peer = open();
  retain("b", "1", "old");
  retain("b", "2", "second");
  retain("b", "1", "first");
  retain("a", "", "state");
  ASSERT_TRUE(record(path()));
  loop->run_until_idle();
  EXPECT_EQ(lines(), (Words{opened, "{\"topic\":\"a\",\"retain\":true,\"text\":\"state\"}",
                            "{\"topic\":\"b\",\"key\":\"2\",\"retain\":true,\"text\":\"second\"}",
                            "{\"topic\":\"b\",\"key\":\"1\",\"retain\":true,\"text\":\"first\"}"}));
}

TEST_F(RecordingTest, FragmentsAreOneMessage) {
  start_recorded();
  const auto peer = open();
  EXPECT_TRUE(*connections[0]->send("one ", Opcode::text, {false}));
  EXPECT_TRUE(*connections[0]->send("two ", Opcode::continuation, {false}));
  EXPECT_TRUE(*connections[0]->send("three", Opcode::continuation, {true}));
  loop->run_until_idle();
  EXPECT_EQ(lines(), (Words{opened, "{\"to\":1,\"text\":\"one two three\"}"}));
}

TEST_F(RecordingTest, AMessageWhoseBeginIsMissingIsLost) {
  start();
  const auto peer = open();
  EXPECT_TRUE(*connections[0]->send("one ", Opcode::text, {false}));
  ASSERT_TRUE(record(path()));
  EXPECT_TRUE(*connections[0]->send("two", Opcode::continuation, {true}));
  loop->run_until_idle();
  EXPECT_EQ(lines(), (Words{opened, "{\"lost\":1,\"bytes\":3}"}));
}

TEST_F(RecordingTest, StoppingSaysWhatItHas) {
  start_recorded();
  const auto peer = open();
  EXPECT_TRUE(*connections[0]->send("in it"));
  const RecordingInfo info = stop_recording();
  EXPECT_EQ(info.file, path());
  EXPECT_EQ(info.lines, 2u);
  EXPECT_EQ(info.left_out, 0u);
  EXPECT_EQ(info.error, "");
  EXPECT_TRUE(*connections[0]->send("not in it"));
  loop->run_until_idle();
  EXPECT_EQ(lines(), (Words{opened, "{\"to\":1,\"text\":\"in it\"}"}));
  EXPECT_EQ(core->stop_recording().error().code, ErrorCode::invalid_state);
}

TEST_F(RecordingTest, OneAtATimeAndOneAfterTheOther) {
  start_recorded();
  const auto refused = record(path("other"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("recorded already"), std::string::npos);
  loop->hold_work(true);
  EXPECT_EQ(*core->broadcast("first", Opcode::text, {}), 0u);
  stop_recording();
  ASSERT_TRUE(record(path("second")));
  EXPECT_EQ(*core->broadcast("second", Opcode::text, {}), 0u);
  stop_recording();
  loop->hold_work(false);
  loop->run_until_idle();
  EXPECT_EQ(lines(), (Words{"{\"text\":\"first\"}"}));
  EXPECT_EQ(lines_of(path("second")), (Words{"{\"text\":\"second\"}"}));
}

TEST_F(RecordingTest, ASlowDiskHoldsUpNobody) {
  start_recorded();
  loop->hold_work(true);
  const auto peer = open();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(*connections[0]->send("hello"));
    loop->run_until_idle();
    EXPECT_EQ(peer->take(), server_frame(FrameOpcode::text, "hello"));
  }
  EXPECT_EQ(lines(), Words());
}

TEST_F(RecordingTest, WhatHasNoRoomIsLeftOutAndTold) {
  start();
  const auto peer = open();
  const Connection& connection = *connections[0];
  auto file = recording::OutputFile::create(path());
  ASSERT_TRUE(file);
  int ends = 0;
  constexpr std::size_t room = 5000;
  Recording recording(
      core->group(), std::move(file).value(), {"now", {}, {}, {}}, [&] { ++ends; }, room);
  loop->run_until_idle();
  loop->hold_work(true);
  recording.received(connection, {}, "under way", Opcode::text);
  loop->run_until_idle();
  const std::string large(2000, 'x');
  for (int i = 0; i < 4; ++i) recording.received(connection, {}, large, Opcode::text);
  recording.received(connection, "a", "small", Opcode::text);
  EXPECT_EQ(log, (Words{"the recording doesn't keep up: messages are left out, and the file says "
                        "where"}));
  loop->hold_work(false);
  loop->run_until_idle();
  recording.received(connection, {}, std::string(2 * room, 'y'), Opcode::text);
  recording.received(connection, {}, "lost", Opcode::text);
  recording.finish();
  loop->run_until_idle();
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(recording.info().lines, 5u);
  EXPECT_EQ(recording.info().left_out, 3u);
  EXPECT_EQ(log.size(), 1u);
  Words all = lines();
  ASSERT_EQ(all.size(), 7u);
  EXPECT_EQ(all[0], "{\"from\":1,\"text\":\"under way\"}");
  EXPECT_EQ(all[1], "{\"from\":1,\"text\":\"" + large + "\"}");
  EXPECT_EQ(all[2], all[1]);
  EXPECT_EQ(all[3], "{\"lost\":2,\"bytes\":4000}");
  EXPECT_EQ(all[4], "{\"from\":1,\"topic\":\"a\",\"text\":\"small\"}");
  EXPECT_EQ(all[5], "{\"from\":1,\"text\":\"" + std::string(2 * room, 'y') + "\"}");
  EXPECT_EQ(all[6], "{\"lost\":1,\"bytes\":4}");
}

TEST_F(RecordingTest, WhatIsSharedIsNotCopied) {
  start_recorded();
  loop->hold_work(true);
  EXPECT_EQ(*core->broadcast(std::string(1 << 20, 'x'), Opcode::text, {}), 0u);
  loop->run_until_idle();
  EXPECT_GE(core->info().queued_bytes, std::size_t{1} << 20);
  loop->hold_work(false);
  loop->run_until_idle();
  EXPECT_EQ(core->info().queued_bytes, 0u);
}

TEST_F(RecordingTest, AFullDiskEndsItWithOneLine) {
  start();
  ASSERT_TRUE(record("/dev/full"));
  loop->run_until_idle();
  EXPECT_EQ(log, (Words{"the recording has ended: '/dev/full' can't be written: No space left on "
                        "device"}));
  EXPECT_EQ(core->active_recording(), nullptr);
  EXPECT_EQ(*core->broadcast("x", Opcode::text, {}), 0u);
  loop->run_until_idle();
  EXPECT_EQ(log.size(), 1u);
  EXPECT_EQ(stop_recording().error, "'/dev/full' can't be written: No space left on device");
  EXPECT_FALSE(core->stop_recording());
  ASSERT_TRUE(record("/dev/full"));
  loop->run_until_idle();
  ASSERT_TRUE(record(path()));
}

TEST_F(RecordingTest, TheServersStopFinishesIt) {
  for (const char* const name : {"run.jsonl", "run.jsonl.gz", "run.jsonl.zst"}) {
    start();
    ASSERT_TRUE(record(path(name)));
    const auto peer = open();
    bool is_finished = false;
    loop->hold_work(true);
    core->stop(true);
    core->on_finished([&] { is_finished = true; });
    peer->send(client_close(1001));
    peer->finish();
    advance(4);
    EXPECT_FALSE(is_finished);
    EXPECT_FALSE(record(path("later")));
    loop->hold_work(false);
    loop->run_until_idle();
    EXPECT_TRUE(is_finished);
    EXPECT_EQ(lines_of(path(name)), (Words{opened, "{\"close\":1,\"code\":1001}"}));
    core.reset();
    connections.clear();
  }
}

TEST_F(RecordingTest, TheServersEndWaitsForADiskNoLongerThanForPeers) {
  start_recorded();
  loop->hold_work(true);
  EXPECT_EQ(*core->broadcast("x", Opcode::text, {}), 0u);
  bool is_finished = false;
  core->stop(true);
  core->on_finished([&] { is_finished = true; });
  advance(5.1);
  EXPECT_TRUE(is_finished);
}

TEST_F(RecordingTest, ACompressedFileIsFlushedEachSecond) {
  start();
  ASSERT_TRUE(record(path("run.jsonl.gz")));
  loop->run_until_idle();
  EXPECT_EQ(*core->broadcast("first", Opcode::text, {}), 0u);
  advance(1.1);
  EXPECT_EQ(lines_of(path("run.jsonl.gz")), (Words{"{\"text\":\"first\"}", "cut off"}));
}

TEST_F(RecordingTest, TheLoopsEndWritesWhatIsLeft) {
  start_recorded();
  loop->hold_work(true);
  EXPECT_EQ(*core->broadcast("under way", Opcode::text, {}), 0u);
  loop->run_until_idle();
  EXPECT_EQ(*core->broadcast("waiting", Opcode::text, {}), 0u);
  core->stop(false);
  core.reset();
  EXPECT_EQ(lines(), (Words{"{\"text\":\"under way\"}", "{\"text\":\"waiting\"}"}));
}

}  // namespace
}  // namespace simws::endpoint
