#include "endpoint/helper_output.h"

#include "protocol/topics/topics_test_fixture.h"
#include "transport/memory.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace simws::endpoint {
namespace {

class HelperOutputTest : public testing::Test, private transport::StreamHandler {
 protected:
  HelperOutputTest()
      : process_(std::move(loop_->start_process("a")).value()), peer_(loop_->take_process()) {
    process_->stream().set_handler(this);
  }

  static protocol::PublicationPtr publication(std::string_view data) {
    return protocol::test::publication({}, data);
  }
  bool flush() { return output.flush(process_->stream()); }

  const std::unique_ptr<transport::MemoryLoop> loop_ = transport::MemoryLoop::make();
  const std::unique_ptr<transport::HelperProcess> process_;
  const std::unique_ptr<transport::MemoryPeer> peer_;
  HelperOutput output;

 private:
  void on_data(MutableBytes) override {}
  void on_end(bool, std::string) override {}
  void on_writable() override {}
};

TEST_F(HelperOutputTest, LeavesInOrderHoweverItsTaken) {
  std::string expected;
  for (int i = 0; i < 40; ++i) {
    const std::string head = "[" + std::to_string(i) + "]\n";
    const std::string data(static_cast<std::size_t>(i % 3) * 5000, static_cast<char>('a' + i % 26));
    output.add(head, publication(data));
    output.add("mark\n");
    expected += head + data + "mark\n";
  }
  EXPECT_EQ(output.bytes(), expected.size());
  EXPECT_FALSE(output.empty());
  std::string taken;
  peer_->set_window(777);
  while (!flush()) taken += peer_->take();
  taken += peer_->take();
  EXPECT_EQ(taken, expected);
  EXPECT_TRUE(output.empty());
  EXPECT_EQ(output.bytes(), 0U);
}

TEST_F(HelperOutputTest, HasRoomUpToAMark) {
  EXPECT_TRUE(output.has_room());
  output.add("x", publication(std::string(HelperOutput::high_mark, 'x')));
  EXPECT_FALSE(output.has_room());
  EXPECT_TRUE(flush());
  EXPECT_TRUE(output.has_room());
}

TEST_F(HelperOutputTest, LargePayloadsAreHeldAndSmallOnesAreNot) {
  const auto small = publication(std::string(1000, 's'));
  const auto large = publication(std::string(100000, 'l'));
  output.add("head", small);
  output.add("head", large);
  EXPECT_EQ(small.use_count(), 1);
  EXPECT_EQ(large.use_count(), 2);
  output.clear();
  EXPECT_EQ(large.use_count(), 1);
  EXPECT_TRUE(output.empty());
}

}  // namespace
}  // namespace simws::endpoint
