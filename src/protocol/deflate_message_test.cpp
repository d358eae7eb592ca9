// Messages are compressed so that whoever inflates as RFC 7692 says gets them back.
#include "protocol/deflate_message.h"
#include "protocol/deflate_decoder.h"
#include "protocol/deflate_shared.h"
#include "protocol/deflate_test_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol::test {
namespace {

// What a peer makes of payloads, one after the other.
class Peer {
 public:
  explicit Peer(DeflateSide side) : decoder_(pool_, side) {}

  // "?": it can't be inflated.
  std::string inflate(std::string_view payload, bool last = true) {
    Buffer message;
    Failure failure;
    const auto status = decoder_.decode(as_bytes(payload), last, 64 << 20, message, failure);
    return status == DecodeStatus::fail ? "?" : std::string(message.text());
  }

 private:
  DeflatePool pool_;
  DeflateDecoder decoder_;
};

TEST(MessageDeflater, MakesMessagesThatInflate) {
  for (const bool takes_over : {false, true}) {
    for (const int bits : {9, 10, 12, 15}) {
      for (const int level : {1, 6, 9}) {
        for (const int memory : {1, 8, 9}) {
          const DeflateSide side{takes_over, bits};
          Compressing compressing(side, {level, memory});
          Peer peer(side);
          for (const std::size_t size : {0, 1, 5, 200, 4096, 4097, 70'000}) {
            const std::string text = varied_text(size);
            ASSERT_EQ(peer.inflate(compressing.message(text)), text) << size;
            const std::string bytes = noise(size);
            ASSERT_EQ(peer.inflate(compressing.message(bytes)), bytes) << size;
          }
        }
      }
    }
  }
}

TEST(MessageDeflater, ChoosesByTheSizeOfAMessage) {
  DeflatePool pool;
  MessageDeflater deflater(pool, {false, 15}, {1, 9});
  Peer peer({false, 15});
  for (const std::size_t size : {10u, 4096u, 4097u, 100u}) {
    Buffer frame;
    deflater.begin(size);
    deflater.end_message(as_bytes(varied_text(size)), frame);
    EXPECT_EQ(peer.inflate(frame.text()), varied_text(size));
  }
}

TEST(MessageDeflater, TakesAMessageInPortionsAndFragments) {
  for (const bool takes_over : {false, true}) {
    const DeflateSide side{takes_over, 15};
    DeflatePool pool;
    MessageDeflater deflater(pool, side, {});
    Peer peer(side);
    const std::string text = varied_text(10'000);
    for (int round = 0; round < 2; ++round) {
      Buffer frame;
      deflater.begin(text.size());
      deflater.add(as_bytes(text).first(3000), frame);
      deflater.add(as_bytes(text).subspan(3000, 1), frame);
      deflater.end_message(as_bytes(text).subspan(3001), frame);
      EXPECT_EQ(peer.inflate(frame.text()), text);
      // The last fragment is empty: it still ends the message.
      std::string inflated;
      for (const std::string_view part : {"first ", "", "second"}) {
        Buffer fragment;
        deflater.begin(MessageDeflater::unknown_size);
        deflater.end_fragment(as_bytes(part), fragment);
        inflated += peer.inflate(fragment.text(), false);
      }
      Buffer last;
      deflater.end_message({}, last);
      EXPECT_EQ(last.text(), std::string_view("\0", 1));
      EXPECT_EQ(inflated + peer.inflate(last.text()), "first second");
    }
  }
}

TEST(MessageDeflater, RefersToMessagesBeforeWhereContextsAreTakenOver) {
  const std::string text = varied_text(500);
  Compressing keeping({true, 15}), alone({false, 15});
  EXPECT_EQ(alone.message(text), alone.message(text));
  const std::size_t first = keeping.message(text).size();
  EXPECT_LT(keeping.message(text).size() * 5, first);
}

TEST(MessageDeflater, RefersToNothingThePeerDoesntGet) {
  const DeflateSide side{true, 15};
  DeflatePool pool;
  MessageDeflater deflater(pool, side, {});
  Peer peer(side);
  const auto message = [&](std::string_view text) {
    Buffer frame;
    deflater.begin(text.size());
    deflater.end_message(as_bytes(text), frame);
    return std::string(frame.text());
  };
  const std::string known = varied_text(300), lost = noise(300);
  EXPECT_EQ(peer.inflate(message(known)), known);
  message(lost);
  deflater.forget_message();
  Buffer begun;
  deflater.begin(1000);
  deflater.add(as_bytes(lost), begun);
  deflater.forget_message();
  EXPECT_EQ(peer.inflate(message(lost + known)), lost + known);
}

TEST(SharedForm, IsMadeOnceForEachWindow) {
  const auto memory = std::make_shared<OutputBudget>(1u << 30, 1u << 30);
  SharedMessages plain, compressed;
  DeflatePool pool;
  const std::string text = varied_text(40'000);
  SharedMessagePtr message = plain.make(memory, text, Opcode::text);
  for (const int bits : {9, 15}) {
    SharedForm& form = form_of(*message, pool, bits, {});
    EXPECT_EQ(&form, &form_of(*message, pool, bits, {}));
    std::size_t done = 0;
    while (!form.is_made()) done += form.advance(*message, 7000, compressed);
    EXPECT_EQ(done, text.size());
    const MessageView view = form.compressed()->view();
    EXPECT_EQ(Peer({false, bits}).inflate(as_text(view.payload())), text);
    EXPECT_EQ(std::to_integer<int>(view.frame().front()), 0xC1) << "RSV1, text";
  }
  EXPECT_GT(memory->used(), text.size());
  message = nullptr;
  EXPECT_EQ(memory->used(), 0u);
}

TEST(SharedForm, IsNoneForWhatDoesntShrink) {
  const auto memory = std::make_shared<OutputBudget>(1u << 30, 1u << 30);
  SharedMessages plain, compressed;
  DeflatePool pool;
  const SharedMessagePtr message = plain.make(memory, noise(100'000), Opcode::binary);
  SharedForm& form = form_of(*message, pool, 15, {});
  while (!form.is_made()) form.advance(*message, 10'000, compressed);
  EXPECT_EQ(form.compressed(), nullptr);
}

TEST(DeflatePool, LendsWhatWasGivenBack) {
  DeflatePool pool;
  const DeflaterKind kind{15, 8, 1}, other{12, 6, 1};
  auto first = pool.take_deflater(kind);
  const Deflater* const given_back = first.get();
  pool.give_back(std::move(first));
  EXPECT_NE(pool.take_deflater(other).get(), given_back);
  EXPECT_EQ(pool.take_deflater(kind).get(), given_back);
  pool.give_back(std::unique_ptr<Deflater>());
  auto inflater = pool.take_inflater();
  const Inflater* const known = inflater.get();
  pool.give_back(std::move(inflater));
  EXPECT_EQ(pool.take_inflater().get(), known);
}

}  // namespace
}  // namespace simws::protocol::test
