// What streams of one loop do in the same turn, over both networks, in plain and over TLS.
#include "transport/tls_test_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simws::transport {
namespace {

// One of several connections.
class Line final : public StreamHandler {
 public:
  explicit Line(std::unique_ptr<Stream> accepted) : stream(std::move(accepted)) {
    stream->set_handler(this);
  }

  void on_data(MutableBytes data) override {
    received += as_text(data);
    std::fill(data.begin(), data.end(), std::byte{0});
    then(*this);
  }
  void on_end(bool lost, std::string) override {
    (lost ? is_lost : has_ended) = true;
    then(*this);
  }
  void on_writable() override { is_writable = true; }

  std::unique_ptr<Stream> stream;
  std::unique_ptr<TestPeer> peer;
  std::string received;
  std::string taken;  // by the peer
  bool has_ended = false;
  bool is_lost = false;
  bool is_writable = false;
  std::function<void(Line&)> then = [](Line&) {};
};

class Streams : public OverAllNetworks {
 protected:
  void connect(std::size_t count) {
    auto listener = loop().listen("127.0.0.1", 0, [this](auto accepted) {
      lines.push_back(std::make_unique<Line>(network_->serve(std::move(accepted))));
    });
    for (std::size_t i = 0; i < count; ++i) {
      auto peer = network_->connect((*listener)->address());
      ASSERT_TRUE(until([&] { return lines.size() == i + 1; }));
      lines.back()->peer = std::move(peer);
      ASSERT_TRUE(until_ready(*lines.back()->stream));
    }
  }
  void start_reading() {
    for (const auto& line : lines) line->stream->start_reading();
  }
  // What each of them is to write, with what was taken.
  std::vector<std::size_t> write(const std::vector<std::string>& texts) {
    std::vector<Write> writes;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      writes.push_back({lines[i]->stream.get(), as_bytes(texts[i])});
    }
    loop().write(writes);
    std::vector<std::size_t> taken;
    for (const Write& write : writes) taken.push_back(write.taken);
    return taken;
  }
  bool until_peer_has(Line& line, std::string_view text) {
    return until([&] {
             line.taken += line.peer->take();
             return line.taken.size() >= text.size();
           }) &&
           line.taken == text;
  }
  std::size_t count(bool Line::*fact) const {
    return static_cast<std::size_t>(
        std::count_if(lines.begin(), lines.end(), [&](const auto& line) { return (*line).*fact; }));
  }

  std::vector<std::unique_ptr<Line>> lines;
};

std::string text_of(std::size_t index, std::size_t size) {
  std::string text = std::to_string(index) + ':';
  while (text.size() < size) text += static_cast<char>('a' + (index * 7 + text.size() * 31) % 26);
  return text;
}

TEST_P(Streams, AreWrittenTogetherEachItsOwn) {
  connect(150);  // more than one call to the system takes
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < lines.size(); ++i) texts.push_back(text_of(i, 10 + i * 20));
  const auto taken = write(texts);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(taken[i], texts[i].size());
    EXPECT_TRUE(until_peer_has(*lines[i], texts[i])) << i;
  }
}

TEST_P(Streams, AreWrittenTogetherOrAlone) {
  connect(1);
  EXPECT_EQ(write({"one"}), (std::vector<std::size_t>{3}));
  EXPECT_EQ(write({"two"}), (std::vector<std::size_t>{3}));
  EXPECT_TRUE(until_peer_has(*lines[0], "onetwo"));
  loop().write({});
}

TEST_P(Streams, WrittenTogetherTakeLessWhereAPeerDoesNotKeepUp) {
  connect(3);
  const std::string much = text_of(0, 8'000'000);
  const auto taken = write({"a", much, "b"});
  EXPECT_EQ(taken[0], 1U);
  EXPECT_LT(taken[1], much.size());
  EXPECT_EQ(taken[2], 1U);
  EXPECT_TRUE(until_peer_has(*lines[0], "a"));
  EXPECT_TRUE(until_peer_has(*lines[2], "b"));
  EXPECT_EQ(write({"c", "more", "d"}), (std::vector<std::size_t>{1, 0, 1}));
  EXPECT_TRUE(until([&] {
    lines[1]->taken += lines[1]->peer->take();
    return lines[1]->is_writable;
  }));
  const std::string_view left = std::string_view(much).substr(0, taken[1]);
  EXPECT_TRUE(until_peer_has(*lines[1], left));
}

TEST_P(Streams, WrittenTogetherTakeNothingWhereTheyHaveEnded) {
  connect(5);
  lines[1]->stream->close();
  lines[2]->stream->finish_writing();
  lines[3]->peer->reset();
  settle();
  const std::size_t encrypted = lines[3]->stream->tls() ? 1 : 0;  // and dropped
  EXPECT_EQ(write({"a", "b", "c", "d", "e"}), (std::vector<std::size_t>{1, 0, 0, encrypted, 1}));
  EXPECT_TRUE(until_peer_has(*lines[0], "a"));
  EXPECT_TRUE(until_peer_has(*lines[4], "e"));
  EXPECT_TRUE(until([&] { return lines[3]->is_lost; }));
  EXPECT_EQ(count(&Line::is_lost), 1U);
}

TEST_P(Streams, ReadyTogetherAreReadEachItsOwn) {
  connect(50);
  start_reading();
  // Smaller than, as long as, and longer than what is read of each at first; then small again.
  for (const std::size_t size : {10U, 4095U, 4096U, 4097U, 9000U, 70'000U, 5U}) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      lines[i]->received.clear();
      lines[i]->peer->send(text_of(i, i % 3 == 0 ? 7 : size));
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string expected = text_of(i, i % 3 == 0 ? 7 : size);
      EXPECT_TRUE(until([&] { return lines[i]->received.size() >= expected.size(); }));
      EXPECT_EQ(lines[i]->received, expected) << i << ", " << size;
    }
  }
}

TEST_P(Streams, ReadyTogetherMayEnd) {
  connect(3);
  lines[0]->peer->send("a");
  lines[0]->peer->finish();
  lines[1]->peer->finish();
  lines[2]->peer->send("c");
  lines[2]->peer->reset();
  start_reading();
  EXPECT_TRUE(until([&] { return count(&Line::has_ended) == 2 && count(&Line::is_lost) == 1; }));
  EXPECT_TRUE(lines[2]->is_lost);
  EXPECT_EQ(lines[0]->received + lines[1]->received + lines[2]->received, "ac");
}

TEST_P(Streams, MayBeEndedInACallbackOfAnother) {
  using End = std::function<void(std::unique_ptr<Stream>&)>;
  const End ends[] = {[](auto& stream) { stream->close(); }, [](auto& stream) { stream->reset(); },
                      [](auto& stream) { stream.reset(); }};
  for (const End& end : ends) {
    lines.clear();
    connect(40);
    std::size_t told = 0;
    for (const auto& line : lines) {
      line->then = [&](Line& self) {
        ++told;
        for (const auto& other : lines) {
          if (other.get() != &self && other->stream) end(other->stream);
        }
      };
      line->peer->send("hello");
    }
    start_reading();
    EXPECT_TRUE(until([&] { return told > 0; }));
    settle();
    EXPECT_EQ(told, 1U) << "nothing of a stream that has been closed";
  }
}

TEST_P(Streams, LoseNothingWhenAnotherStopsThem) {
  connect(40);
  for (const auto& line : lines) {
    line->then = [&](Line&) {
      for (const auto& other : lines) other->stream->stop_reading();
    };
    line->peer->send(text_of(0, 20'000));
    line->peer->finish();
  }
  start_reading();
  EXPECT_TRUE(until([&] {
    for (const auto& line : lines) line->stream->start_reading();
    return count(&Line::has_ended) == lines.size();
  }));
  for (const auto& line : lines) EXPECT_EQ(line->received, text_of(0, 20'000));
}

TEST_P(Streams, MayOutliveTheirLoopWhileTheyAreReady) {
  connect(20);
  start_reading();
  for (const auto& line : lines) line->peer->send("hello");
  network_->destroy_loop();
  lines.clear();
}

INSTANTIATE_TEST_SUITE_P(Over, Streams, all_networks(), network_name);

}  // namespace
}  // namespace simws::transport
