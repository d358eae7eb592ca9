// What a stream does, over both networks, in plain and over TLS.
#include "transport/stream.h"

#include "transport/tls_test_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace simws::transport {
namespace {

// Notes what it's told; `then` runs inside.
class Recorder final : public StreamHandler {
 public:
  void on_data(MutableBytes data) override {
    received += as_text(data);
    std::fill(data.begin(), data.end(), std::byte{0});
    note("data");
  }
  void on_end(bool lost, std::string reason) override {
    EXPECT_EQ(lost, !reason.empty());
    note(lost ? "lost" : "end");
  }
  void on_writable() override { note("writable"); }

  std::size_t count(const std::string& event) const {
    return static_cast<std::size_t>(std::count(events.begin(), events.end(), event));
  }

  std::string received;
  std::vector<std::string> events;
  std::function<void()> then = [] {};

 private:
  void note(const char* event) {
    events.emplace_back(event);
    const auto now = then;  // a copy: it may be set anew by what it does
    now();
  }
};

std::size_t write_text(Stream& stream, std::string_view text) {
  const Bytes piece = as_bytes(text);
  return stream.write({&piece, 1});
}

// So that a byte out of place shows.
std::string pattern(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 2654435761U >> 13);
  return text;
}

class AStream : public OverAllNetworks {
 protected:
  AStream() {
    auto listening = loop().listen("127.0.0.1", 0, [this](auto accepted) {
      stream_ = network_->serve(std::move(accepted));
      stream_->set_handler(&recorder_);
    });
    listener_ = std::move(listening).value();
    peer_ = connect();
  }

  std::unique_ptr<TestPeer> connect() {
    stream_.reset();
    auto peer = network_->connect(listener_->address());
    EXPECT_TRUE(until([this] { return stream_ != nullptr; }) && until_ready(*stream_));
    return peer;
  }
  bool until_event(const std::string& event) {
    return until([&] { return recorder_.count(event) > 0; });
  }
  bool until_taken(std::size_t bytes) {
    return until([&] {
      taken_ += peer_->take();
      return taken_.size() >= bytes;
    });
  }
  bool until_peer_sees_end() {
    return until([this] {
             taken_ += peer_->take();
             return peer_->saw_end() || peer_->saw_reset();
           }) &&
           peer_->saw_end();
  }
  // Writes until less than all is taken. Returns all that was.
  std::string write_until_full() {
    const std::string chunk = pattern(300'000);
    std::string written;
    std::size_t taken;
    do {
      taken = write_text(*stream_, chunk);
      written.append(chunk, 0, taken);
    } while (taken == chunk.size());
    return written;
  }

  std::unique_ptr<Listener> listener_;
  Recorder recorder_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<TestPeer> peer_;
  std::string taken_;
};

TEST_P(AStream, KnowsItsPeer) {
  EXPECT_EQ(stream_->remote_address().ip_to_string(), "127.0.0.1");
  EXPECT_NE(stream_->remote_address().port, 0);
}

TEST_P(AStream, ReadsNothingUntilItIsStarted) {
  peer_->send("early");
  settle();
  EXPECT_EQ(recorder_.received, "");
  stream_->start_reading();
  EXPECT_EQ(recorder_.received, "");
  EXPECT_TRUE(until([&] { return recorder_.received == "early"; }));
}

TEST_P(AStream, ReadsNothingWhileItIsStopped) {
  stream_->start_reading();
  recorder_.then = [&] { stream_->stop_reading(); };
  peer_->send("one");
  ASSERT_TRUE(until_event("data"));
  peer_->send("two");
  settle();
  EXPECT_EQ(recorder_.received, "one");
  stream_->start_reading();
  EXPECT_TRUE(until([&] { return recorder_.received == "onetwo"; }));
}

TEST_P(AStream, TellsAllThatArrivesInOrder) {
  const std::string sent = pattern(200'000);
  stream_->start_reading();
  for (std::size_t at = 0; at < sent.size(); at += 8000) {
    peer_->send(std::string_view(sent).substr(at, 8000));
    ASSERT_TRUE(until([&] { return recorder_.received.size() == at + 8000; }));
  }
  EXPECT_EQ(recorder_.received, sent);
}

TEST_P(AStream, WritesPiecesInOrder) {
  const std::string text = pattern(1000);
  for (const std::size_t count : {1U, 2U, 15U, 16U, 17U, 63U, 64U, 65U, 128U, 300U}) {
    std::vector<Bytes> pieces(count);
    std::string expected;
    for (std::size_t i = 0; i < count; ++i) {
      pieces[i] = as_bytes(text).subspan(i, i % 5);  // each fifth is empty
      expected += as_text(pieces[i]);
    }
    EXPECT_EQ(stream_->write(pieces), expected.size());
    taken_.clear();
    EXPECT_TRUE(until_taken(expected.size())) << count;
    EXPECT_EQ(taken_, expected) << count;
  }
}

TEST_P(AStream, WritesNothingOfNothing) {
  EXPECT_EQ(stream_->write({}), 0U);
  EXPECT_EQ(write_text(*stream_, ""), 0U);
  settle();
  EXPECT_TRUE(recorder_.events.empty());
}

TEST_P(AStream, TakesLessWhenThePeerDoesNotKeepUpAndTellsWhenThereIsRoom) {
  const std::string written = write_until_full();
  const std::size_t most_pending = stream_->tls() ? 65'000 : 0;  // what is encrypted at once
  EXPECT_LE(stream_->pending_bytes(), most_pending);
  EXPECT_EQ(write_text(*stream_, "more"), 0U);
  settle();
  EXPECT_EQ(recorder_.count("writable"), 0U);
  ASSERT_TRUE(until([&] {
    taken_ += peer_->take();
    return recorder_.count("writable") == 1;
  }));
  EXPECT_EQ(write_text(*stream_, "more"), 4U);
  EXPECT_TRUE(until_taken(written.size() + 4));
  EXPECT_EQ(taken_, written + "more");
}

TEST_P(AStream, TellsOfRoomAgainWhenAWriteInsideHasFilledIt) {
  write_until_full();
  recorder_.then = [&] {
    if (recorder_.count("writable") < 3) write_until_full();
  };
  ASSERT_TRUE(until([&] {
    peer_->take();
    return recorder_.count("writable") == 3;
  }));
  settle();
  EXPECT_EQ(recorder_.count("writable"), 3U);
}

TEST_P(AStream, MayBeWrittenToWhenItTellsThatThereIsRoom) {
  std::string written = write_until_full();
  recorder_.then = [&] {
    if (written.size() < 8'000'000) written += write_until_full();
  };
  ASSERT_TRUE(until([&] {
    taken_ += peer_->take();
    return written.size() >= 8'000'000 && taken_.size() == written.size();
  }));
  EXPECT_EQ(taken_, written);
}

TEST_P(AStream, FinishesAfterWhatWasTakenHasLeftAndReadsOn) {
  const std::string written = write_until_full();
  stream_->finish_writing();
  stream_->finish_writing();
  EXPECT_EQ(write_text(*stream_, "late"), 0U);
  EXPECT_TRUE(until_peer_sees_end());
  EXPECT_EQ(taken_, written);
  settle();
  EXPECT_TRUE(recorder_.events.empty());
  stream_->start_reading();
  peer_->send("still heard");
  EXPECT_TRUE(until([&] { return recorder_.received == "still heard"; }));
}

TEST_P(AStream, TellsThatThePeerHasFinishedAndWritesOn) {
  stream_->start_reading();
  peer_->send("last");
  peer_->finish();
  ASSERT_TRUE(until_event("end"));
  EXPECT_EQ(recorder_.events, (std::vector<std::string>{"data", "end"}));
  EXPECT_EQ(write_text(*stream_, "answer"), 6U);
  EXPECT_TRUE(until_taken(6));
  EXPECT_EQ(taken_, "answer");
  stream_->stop_reading();
  stream_->start_reading();
  settle();
  EXPECT_EQ(recorder_.count("end"), 1U);
}

TEST_P(AStream, TellsThatThePeerHasResetAfterWhatItHadSent) {
  peer_->send("last");
  peer_->reset();
  settle();
  EXPECT_TRUE(recorder_.events.empty());
  stream_->start_reading();
  ASSERT_TRUE(until_event("lost"));
  EXPECT_EQ(recorder_.events, (std::vector<std::string>{"data", "lost"}));
  EXPECT_EQ(recorder_.received, "last");
  EXPECT_EQ(write_text(*stream_, "late"), 0U);
  settle();
  EXPECT_EQ(recorder_.events.size(), 2U);
}

TEST_P(AStream, TellsOfALossFoundByAWriteLaterAndOnceEvenWhenPaused) {
  peer_->reset();
  settle();
  EXPECT_EQ(write_text(*stream_, "a"), stream_->tls() ? 1U : 0U);  // encrypted, and dropped
  EXPECT_EQ(write_text(*stream_, "b"), 0U);
  EXPECT_TRUE(recorder_.events.empty());
  EXPECT_TRUE(until_event("lost"));
  settle();
  EXPECT_EQ(recorder_.events, (std::vector<std::string>{"lost"}));
}

TEST_P(AStream, TellsOfALossAfterAnEnd) {
  stream_->start_reading();
  peer_->finish();
  ASSERT_TRUE(until_event("end"));
  peer_->reset();
  EXPECT_TRUE(until([&] {
    write_text(*stream_, "a");
    return recorder_.count("lost") == 1;
  }));
  settle();
  EXPECT_EQ(recorder_.events, (std::vector<std::string>{"end", "lost"}));
}

TEST_P(AStream, KnowsWhatThePeerHasAcknowledged) {
  EXPECT_EQ(stream_->acknowledged_bytes(), 0U);
  const std::string written = write_until_full();
  settle();
  const auto at_first = stream_->acknowledged_bytes().value();
  EXPECT_LT(at_first, written.size());
  std::uint64_t before = at_first;
  ASSERT_TRUE(until([&] {
    taken_ += peer_->take();
    const auto now = stream_->acknowledged_bytes().value();
    EXPECT_GE(now, before);
    before = now;
    return taken_.size() == written.size();
  }));
  EXPECT_TRUE(until([&] { return stream_->acknowledged_bytes() == written.size(); }));
  stream_->finish_writing();
  EXPECT_TRUE(until_peer_sees_end());
  settle();
  EXPECT_EQ(stream_->acknowledged_bytes(), written.size());
  stream_->close();
  EXPECT_EQ(stream_->acknowledged_bytes(), std::nullopt);
}

TEST_P(AStream, KnowsWhatWaitsToBeRead) {
  EXPECT_EQ(stream_->readable_bytes(), 0U);
  peer_->send("hello");
  EXPECT_TRUE(until([&] { return stream_->readable_bytes() == 5; }));
  stream_->start_reading();
  ASSERT_TRUE(until_event("data"));
  EXPECT_EQ(stream_->readable_bytes(), 0U);
  stream_->stop_reading();
  settle();
  peer_->send("again");
  EXPECT_TRUE(until([&] { return stream_->readable_bytes() == 5; }));
  stream_->close();
  EXPECT_EQ(stream_->readable_bytes(), 0U);
}

TEST_P(AStream, ClosesSoThatThePeerSeesAnEndAndNothingIsToldAnyMore) {
  stream_->start_reading();
  write_text(*stream_, "bye");
  stream_->close();
  stream_->close();
  EXPECT_TRUE(until_peer_sees_end());
  EXPECT_EQ(taken_, "bye");
  EXPECT_EQ(write_text(*stream_, "late"), 0U);
  EXPECT_EQ(stream_->pending_bytes(), 0U);
  stream_->start_reading();
  stream_->finish_writing();
  settle();
  EXPECT_TRUE(recorder_.events.empty());
}

TEST_P(AStream, ClosesWithAnEndThoughNotAllWasRead) {
  peer_->send(pattern(50'000));
  settle();
  write_text(*stream_, "bye");
  stream_->close();
  EXPECT_TRUE(until_peer_sees_end());
  EXPECT_EQ(taken_, "bye");
}

TEST_P(AStream, ClosesThoughThePeerDoesNotKeepUp) {
  const std::string written = write_until_full();
  stream_->close();
  EXPECT_EQ(stream_->pending_bytes(), 0U);
  EXPECT_TRUE(until_peer_sees_end());
  EXPECT_EQ(taken_, written.substr(0, taken_.size()));
  EXPECT_TRUE(recorder_.events.empty());
}

TEST_P(AStream, IsClosedByItsDestruction) {
  stream_.reset();
  EXPECT_TRUE(until_peer_sees_end());
}

TEST_P(AStream, ResetsInAnyState) {
  const std::function<void()> states[] = {[] {}, [&] { stream_->start_reading(); },
                                          [&] { write_until_full(); },
                                          [&] { stream_->finish_writing(); },
                                          [&] {
                                            write_until_full();
                                            stream_->finish_writing();
                                          }};
  for (const auto& reach : states) {
    peer_ = connect();
    reach();
    stream_->reset();
    stream_->reset();
    EXPECT_TRUE(until([this] {
      peer_->take();
      return peer_->saw_reset();
    })) << &reach - states;
    EXPECT_TRUE(recorder_.events.empty());
  }
}

TEST_P(AStream, MayBeClosedInsideAnyCallback) {
  struct Case {
    const char* event;
    std::function<void()> cause;
  };
  const Case cases[] = {
      {"data", [&] { peer_->send(pattern(100'000)); }},
      {"end", [&] { peer_->finish(); }},
      {"lost", [&] { peer_->reset(); }},
      {"writable",
       [&] {
         stream_->stop_reading();
         write_until_full();
       }},
  };
  for (const Case& each : cases) {
    for (const bool by_reset : {false, true}) {
      recorder_.then = [] {};
      peer_ = connect();
      recorder_.events.clear();
      recorder_.then = [&] { by_reset ? stream_->reset() : stream_->close(); };
      stream_->start_reading();
      each.cause();
      ASSERT_TRUE(until([&] {
        if (each.event == std::string("writable")) peer_->take();
        return recorder_.count(each.event) > 0;
      })) << each.event;
      settle();
      EXPECT_EQ(recorder_.events.size(), 1U) << each.event;
    }
  }
}

TEST_P(AStream, MayBeDestroyedInACallbackOfAnother) {
  const auto first_peer = std::move(peer_);
  const std::unique_ptr<Stream> first = std::move(stream_);
  Recorder of_first;
  first->set_handler(&of_first);
  peer_ = connect();
  of_first.then = [&] { stream_.reset(); };
  recorder_.then = [&] { of_first.then = [] {}; };
  // Both have something to tell in the same turn, and whichever comes first ends the other's.
  first->start_reading();
  stream_->start_reading();
  first_peer->send("a");
  peer_->send("b");
  ASSERT_TRUE(until([&] { return of_first.events.size() == 1; }));
  settle();
  EXPECT_LE(recorder_.events.size(), 1U);
  EXPECT_EQ(stream_ == nullptr, recorder_.events.empty());
}

TEST_P(AStream, MayBeDestroyedInALaterTurn) {
  stream_->start_reading();
  recorder_.then = [&] { loop().post([&] { stream_.reset(); }); };
  peer_->send("go");
  EXPECT_TRUE(until([&] { return stream_ == nullptr; }));
  EXPECT_TRUE(until_peer_sees_end());
}

TEST_P(AStream, MayOutliveItsLoop) {
  stream_->start_reading();
  write_until_full();
  network_->destroy_loop();
  EXPECT_EQ(write_text(*stream_, "late"), 0U);
  stream_->stop_reading();
  stream_->start_reading();
  stream_->finish_writing();
  stream_.reset();
  // What the system still has to deliver comes before the end.
  const Time give_up = Clock::now() + std::chrono::seconds(10);
  while (!peer_->saw_end() && Clock::now() < give_up) peer_->take();
  EXPECT_TRUE(peer_->saw_end());
}

INSTANTIATE_TEST_SUITE_P(Over, AStream, all_networks(), network_name);

}  // namespace
}  // namespace simws::transport
