#include "host/load/deflate.h"

#include "host/load/deflate_checker.h"
#include "host/load/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace simws::load {
namespace {

using ::testing::HasSubstr;

std::string frame(int first_byte, std::string_view payload) {
  EXPECT_LT(payload.size(), 65536u);
  std::string wire(1, static_cast<char>(first_byte));
  if (payload.size() >= 126) {
    wire += '\x7E';
    wire += static_cast<char>(payload.size() >> 8);
  }
  wire += static_cast<char>(payload.size() & 0xFF);
  return wire.append(payload);
}

TEST(Deflate, IsUndoneByInflate) {
  for (const std::size_t size : {0u, 1u, 1000u, 100'000u}) {
    const std::string message(size, 'x');
    std::string inflated;
    ASSERT_TRUE(Inflating(false).inflate(deflate(message), inflated));
    EXPECT_EQ(inflated, message);
  }
}

// RFC 7692, 7.2.3.1.
TEST(Deflate, InflatesTheExampleOfTheRfc) {
  std::string inflated;
  Inflating alone(false), in_context(true);
  for (Inflating* const inflating : {&alone, &in_context}) {
    ASSERT_TRUE(inflating->inflate(std::string_view{"\xf2\x48\xcd\xc9\xc9\x07\x00", 7}, inflated));
    EXPECT_EQ(inflated, "Hello");
  }
  // It refers to the one before.
  constexpr std::string_view again{"\xf2\x00\x11\x00\x00", 5};
  EXPECT_FALSE(alone.inflate(again, inflated));
  ASSERT_TRUE(in_context.inflate(again, inflated));
  EXPECT_EQ(inflated, "Hello");
}

TEST(Deflate, RefusesWhatIsNone) {
  std::string inflated;
  EXPECT_FALSE(Inflating(false).inflate("\xFF\xFF\xFF\xFF", inflated));
}

TEST(Deflate, EndsWhatWouldGrowWithoutAnEnd) {
  const std::string bomb = deflate(std::string(1'000'000, '\0'));
  std::string inflated;
  EXPECT_FALSE(Inflating(false, 50'000).inflate(bomb, inflated));
  EXPECT_LT(inflated.size(), 100'000u);
  EXPECT_TRUE(Inflating(false, 1'000'000).inflate(bomb, inflated));
}

TEST(DeflateChecker, TakesCompressedAndPlainMessages) {
  const Batch batch = make_deflated_batch(500, 2, Payload::json);
  DeflateChecker checker(batch);
  const std::string wire = frame(0xC1, deflate(batch.messages[0])) + frame(0x81, batch.messages[1]);
  EXPECT_EQ(checker.consume(wire.substr(0, 50)), 0u);
  EXPECT_EQ(checker.consume(wire.substr(50)), 2u);
  EXPECT_EQ(checker.error(), "");
  EXPECT_EQ(checker.compressed(), 1u);
}

TEST(Report, SaysWhereNothingCameCompressed) {
  Report report;
  note_compressed(report, 3);
  EXPECT_EQ(report.figures, (Figures{{"compressed", 3}}));
  EXPECT_EQ(report.note, "");
  note_compressed(report, 0);
  EXPECT_THAT(report.note, HasSubstr("no message came compressed"));
}

TEST(DeflateChecker, FindsWhatDiffers) {
  const Batch batch = make_deflated_batch(500, 1, Payload::json);
  const auto error_for = [&](const std::string& wire) {
    DeflateChecker checker(batch);
    checker.consume(wire);
    return checker.error();
  };
  EXPECT_THAT(error_for(frame(0xC1, deflate("other"))), HasSubstr("'other' came instead of '{"));
  EXPECT_THAT(error_for(frame(0xC1, "\xFF\xFF\xFF\xFF")), HasSubstr("inflated"));
  EXPECT_THAT(error_for(frame(0xC2, deflate(batch.messages[0]))), HasSubstr("opcode"));
}

}  // namespace
}  // namespace simws::load
