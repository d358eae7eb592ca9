#include "host/commands/bench/bench_report.h"

#include "host/commands/bench/histogram_picture.h"
#include "host/commands/bench/time_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <sstream>

namespace simws::host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

load::Histogram some_times() {
  load::Histogram times;
  for (int i = 1; i <= 1000; ++i) times.add(1e-4 + 1e-7 * i);
  times.add(0.25);
  return times;
}

TEST(TimeText, HasThreeDigitsAndItsUnit) {
  EXPECT_EQ(time_text(412e-6, true), "412 µs");
  EXPECT_EQ(time_text(412e-6, false), "412 us");
  EXPECT_EQ(time_text(1.214e-3, true), "1.21 ms");
  EXPECT_EQ(time_text(0.0999, true), "99.9 ms");
  EXPECT_EQ(time_text(0.9999, true), "1.00 s");
  EXPECT_EQ(time_text(5, true), "5.00 s");
  EXPECT_EQ(time_text(12e-9, true), "12 ns");
  EXPECT_EQ(time_text(-2e-3, true), "-2.00 ms");
  EXPECT_EQ(time_text(std::numeric_limits<double>::quiet_NaN(), true), "-");
}

TEST(CountText, SeparatesThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(59.94), "59.9");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(143211.4), "143,211");
  EXPECT_EQ(count_text(1e7), "10,000,000");
}

TEST(BytesText, HasBinaryUnits) {
  EXPECT_EQ(bytes_text(64), "64 B");
  EXPECT_EQ(bytes_text(1536), "1.50 KiB");
  EXPECT_EQ(bytes_text(3.0 * (1u << 30)), "3.00 GiB");
}

TEST(HistogramPicture, FitsTheWidthInEitherKindOfCharacters) {
  for (const std::size_t width : {40u, 80u, 110u}) {
    std::istringstream lines(histogram_picture(some_times(), {width, false, false}));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      EXPECT_LE(line.size(), width) << line;
    }
    EXPECT_GT(count, 5u);
    EXPECT_LE(count, 12u);
  }
  EXPECT_THAT(histogram_picture(some_times(), {80, true, false}), HasSubstr("█"));
  EXPECT_THAT(histogram_picture(some_times(), {80, false, false}), Not(HasSubstr("█")));
}

TEST(HistogramPicture, ShowsAllOfTheTimes) {
  const std::string picture = histogram_picture(some_times(), {80, false, false});
  EXPECT_THAT(picture, HasSubstr("100 us |"));
  EXPECT_THAT(picture, HasSubstr("200 us |"));
}

TEST(HistogramPicture, OfOneTimeOrOfNone) {
  EXPECT_EQ(histogram_picture({}, {}), "");
  load::Histogram times;
  times.add(0);
  times.add(-1);
  EXPECT_THAT(histogram_picture(times, {}), HasSubstr("100.0 %"));
}

TEST(BenchReport, SaysWhatThereIsToSay) {
  load::LoadOptions options;
  options.server = 1;
  load::Report report{{{"messages", 5000},
                       {"seconds", 0.5},
                       {"messages_per_second", 10000},
                       {"client_busy", 0.99},
                       {"server_us_per_message", 4.5},
                       {"server_busy", 0.5}},
                      some_times(),
                      "round trip",
                      "something is to be noted"};
  const std::string text = bench_report(load::Mode::echo, options, report, {80, false, false});
  EXPECT_THAT(text, HasSubstr("10,000 messages a second (5,000 in 500 ms)"));
  EXPECT_THAT(text, HasSubstr("625 KiB/s of payload each way, every byte as it was sent"));
  EXPECT_THAT(text, HasSubstr("4.50 us each, busy 50 %"));
  EXPECT_THAT(text, HasSubstr("this program was busy"));
  EXPECT_THAT(text, HasSubstr("something is to be noted"));
  EXPECT_THAT(text, HasSubstr("round trip:  p50 150 us   p90 190 us   p99 199 us"));
  EXPECT_THAT(text, HasSubstr("max 250 ms"));
}

}  // namespace
}  // namespace simws::host
