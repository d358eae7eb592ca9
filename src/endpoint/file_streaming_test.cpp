// Files on their way: slow readers, slow disks, and ends in the middle.
#include "endpoint/file_test_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

namespace simws::endpoint {
namespace {

using test::Answer;
using test::request;
using test::Words;

constexpr std::size_t piece = FileWork::smallest_piece;

class FilesOnTheirWay : public test::WithFiles<test::OverBothWires> {
 protected:
  void SetUp() override {
    put("large", content_);
    put("small", "small");
    options_.ping_interval = Seconds(0);
  }
  void start_serving() {
    start(std::move(options_));
    serve();
  }
  // Asks for the large file, and reads nothing of it.
  std::unique_ptr<transport::MemoryPeer> ask_without_reading(std::string_view target = "/large") {
    auto peer = connect();
    peer->set_window(10'000);
    peer->send(request(target));
    loop->run_until_idle();
    return peer;
  }
  std::size_t waiting() const { return core->info().queued_bytes; }

  const std::string content_ = test::content_of(piece * 20 + 123);
  ServerOptions options_;
};

TEST_P(FilesOnTheirWay, ComeAsAWholeInAnyPortions) {
  start_serving();
  EXPECT_TRUE(get("/large").body == content_);
  for (const std::size_t window : {std::size_t{1000}, piece - 1, piece, piece * 3 + 1}) {
    auto peer = connect();
    peer->send(request("/large", "Range: bytes=5-\r\n"));
    peer->set_window(window);
    loop->run_until_idle();
    EXPECT_TRUE(test::parse_answer(read_all(*peer)).body == content_.substr(5)) << window;
  }
  EXPECT_EQ(open_files(), 0u);
  EXPECT_EQ(waiting(), 0u);
}

TEST_P(FilesOnTheirWay, TakeLittleMemoryWhileNobodyReads) {
  start_serving();
  const auto peer = ask_without_reading();
  EXPECT_LE(waiting(), 3 * piece);
  EXPECT_GT(waiting(), 0u);
  EXPECT_EQ(open_files(), 1u);
  EXPECT_TRUE(test::parse_answer(read_all(*peer)).body == content_);
}

TEST_P(FilesOnTheirWay, AreFollowedByWhatWasAskedMeanwhile) {
  start_serving();
  auto peer = connect();
  peer->send(request("/large") + request("/small"));
  peer->send(request("/small", "Connection: close\r\n"));
  peer->set_window(10'000);
  loop->run_until_idle();
  const std::string all = read_all(*peer);
  const Answer first = test::parse_answer(all);
  EXPECT_TRUE(first.body.starts_with(content_));
  const Answer second = test::parse_answer(first.body.substr(content_.size()));
  EXPECT_EQ(second.body.substr(0, 5), "small");
  EXPECT_EQ(test::parse_answer(second.body.substr(5)).body, "small");
}

TEST_P(FilesOnTheirWay, AreFollowedByAWebSocket) {
  start_serving();
  auto peer = connect();
  peer->send(request("/large") + test::handshake() + test::text("hello"));
  peer->set_window(10'000);
  loop->run_until_idle();
  EXPECT_EQ(take_events(), Words{});
  const std::string rest = test::parse_answer(read_all(*peer)).body.substr(content_.size());
  EXPECT_EQ(rest.substr(0, 12), "HTTP/1.1 101");
  EXPECT_EQ(take_events(), (Words{"open", "text hello"}));
}

TEST_P(FilesOnTheirWay, GoToWhoHasFinishedSending) {
  start_serving();
  auto peer = connect();
  peer->send(request("/large"));
  peer->set_window(10'000);
  peer->finish();
  loop->run_until_idle();
  EXPECT_TRUE(test::parse_answer(read_all(*peer)).body == content_);
  EXPECT_TRUE(peer->saw_end());
}

TEST_P(FilesOnTheirWay, ThatShrinkEndTheConnection) {
  start_serving();
  auto peer = ask_without_reading();
  std::filesystem::resize_file(files.path("www/large"), piece * 5);
  const std::string came = test::parse_answer(read_all(*peer)).body;
  EXPECT_LE(came.size(), piece * 5);
  EXPECT_TRUE(content_.starts_with(came));
  EXPECT_TRUE(peer->saw_reset());
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("file '/large' has become shorter while it was sent"), std::string::npos);
  EXPECT_EQ(open_files(), 0u);
  EXPECT_EQ(waiting(), 0u);
}

TEST_P(FilesOnTheirWay, ThatGrowAreCutAtWhatWasPromised) {
  start_serving();
  auto peer = ask_without_reading();
  std::filesystem::resize_file(files.path("www/large"), piece * 50);
  EXPECT_TRUE(test::parse_answer(read_all(*peer)).body == content_);
}

TEST_P(FilesOnTheirWay, ThatAreReplacedComeAsTheyWere) {
  start_serving();
  auto peer = ask_without_reading();
  files.put("new", "new");
  std::filesystem::rename(files.path("new"), files.path("www/large"));
  EXPECT_TRUE(test::parse_answer(read_all(*peer)).body == content_);
  EXPECT_EQ(get("/large").body, "new");
}

TEST_P(FilesOnTheirWay, AreLetGoWhenThePeerLeaves) {
  start_serving();
  auto peer = ask_without_reading();
  peer->reset();
  advance(16);  // the network in memory tells nobody who doesn't read
  EXPECT_EQ(open_files(), 0u);
  EXPECT_EQ(waiting(), 0u);
  EXPECT_EQ(take_events(), Words{});
}

TEST_P(FilesOnTheirWay, AreLetGoWhenThePeerReadsNoMore) {
  start_serving();
  auto peer = ask_without_reading();
  std::string came;
  for (int i = 0; i < 5; ++i) {  // for longer than keepAliveTimeout
    advance(10);
    came += peer->take();
  }
  EXPECT_FALSE(peer->saw_reset());
  advance(16);
  EXPECT_TRUE(peer->saw_reset());
  ASSERT_EQ(log.size(), 1u);
  EXPECT_NE(log[0].find("keepAliveTimeout"), std::string::npos);
  EXPECT_EQ(open_files(), 0u);
}

TEST_P(FilesOnTheirWay, MayWaitForTheirDisk) {
  start_serving();
  loop->hold_work(true);
  auto peer = connect(), other = open();
  peer->send(request("/large"));
  peer->send(request("/small"));
  on_message = [](Connection& connection, std::string_view data, Opcode opcode) {
    (void)connection.send(data, opcode);
  };
  advance(100);
  EXPECT_FALSE(peer->saw_end());
  other->send(test::text("still there"));
  EXPECT_EQ(other->take().substr(0, 2), "\x81\x0b") << "others go on";
  loop->hold_work(false);
  loop->run_until_idle();
  EXPECT_TRUE(test::parse_answer(read_all(*peer)).body.starts_with(content_));
}

TEST_P(FilesOnTheirWay, MayWaitForTheirDiskInTheMiddle) {
  start_serving();
  auto peer = ask_without_reading();
  loop->hold_work(true);
  std::string came = read_all(*peer);
  EXPECT_LT(came.size(), content_.size());
  advance(100);
  EXPECT_FALSE(peer->saw_end() || peer->saw_reset());
  loop->hold_work(false);
  loop->run_until_idle();
  came += read_all(*peer);
  EXPECT_TRUE(test::parse_answer(came).body == content_);
}

TEST_P(FilesOnTheirWay, AreSentThoughTheServerStops) {
  start_serving();
  auto peer = ask_without_reading();
  core->stop(true);
  loop->run_until_idle();
  EXPECT_TRUE(test::parse_answer(read_all(*peer)).body == content_);
  EXPECT_TRUE(peer->saw_end());
}

TEST_P(FilesOnTheirWay, AreBrokenOffWhereTheServerStopsAndNobodyReads) {
  start_serving();
  auto peer = ask_without_reading();
  core->stop(true);
  advance(4);
  EXPECT_FALSE(peer->saw_reset());
  advance(2);
  EXPECT_TRUE(peer->saw_reset());
  EXPECT_EQ(open_files(), 0u);
}

TEST_P(FilesOnTheirWay, OfADiskThatHangsHoldUpNoStop) {
  start_serving();
  auto peer = connect();
  loop->hold_work(true);
  peer->send(request("/large"));
  loop->run_until_idle();
  core->stop(true);
  advance(6);
  EXPECT_TRUE(peer->saw_reset() || peer->saw_end());
  core.reset();
  loop->hold_work(false);
  loop->run_until_idle();
}

TEST_P(FilesOnTheirWay, AreRefusedWhereTooMuchWaits) {
  options_.max_queued_bytes = piece;
  options_.max_total_queued_bytes = 3 * piece;
  start_serving();
  std::vector<std::unique_ptr<transport::MemoryPeer>> peers;
  for (int i = 0; i < 3; ++i) peers.push_back(ask_without_reading());
  EXPECT_LE(waiting(), 4 * piece);
  EXPECT_FALSE(log.empty());
  EXPECT_NE(log.back().find("maxTotalQueuedBytes"), std::string::npos);
  peers.clear();
}

TEST_P(FilesOnTheirWay, AreRefusedWhereNobodyCanReadThem) {
  start_serving();
  auto peer = connect();
  const std::size_t before = loop->operations();
  peer->send(request("/small"));
  loop->run_until_idle();
  const std::size_t operations = loop->operations() - before;
  EXPECT_EQ(test::parse_answer(peer->take()).body, "small");
  for (std::size_t n = 1; n <= operations; ++n) {
    auto other = connect();
    loop->fail_operation(n);
    other->send(request("/small"));
    loop->run_until_idle();
    loop->fail_operation(0);
    const std::string answer = other->take();
    EXPECT_TRUE(answer.empty() || answer.ends_with("small") || answer.starts_with("HTTP/1.1 503"))
        << n << answer;
  }
  EXPECT_EQ(open_files(), 0u);
}

TEST_P(FilesOnTheirWay, OutliveWhatIsServedInTheirPlace) {
  start_serving();
  auto peer = ask_without_reading();
  files.put("other/large", "other");
  serve("/", {}, "other");
  EXPECT_EQ(get("/large").body, "other");
  EXPECT_TRUE(test::parse_answer(read_all(*peer)).body == content_);
}

TEST_P(FilesOnTheirWay, AreLetGoWithTheirServer) {
  start_serving();
  auto peer = ask_without_reading();
  core.reset();
  loop->run_until_idle();
  EXPECT_EQ(open_files(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Wires, FilesOnTheirWay, test::both_wires(), test::wire_name);

}  // namespace
}  // namespace simws::endpoint
