#include "recording/decoder.h"

#include "recording/line_writer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::recording {
namespace {

const std::string header = "{\"format\":\"simws-recording\",\"version\":1,\"began\":\"now\"}\n";

// What a decoder made of a file: entries as lines, then how it ended.
struct Outcome {
  std::string lines;
  std::string error;
  bool was_cut_off = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

bool take(Outcome& outcome, const Result<std::optional<Entry>>& entry) {
  if (!entry) outcome.error = entry.error().message;
  if (!entry || !*entry) return false;
  append_line(outcome.lines, **entry);
  return true;
}

Outcome decode(std::string_view file, std::size_t portion, Packing packing = Packing::plain,
               std::size_t most = Decoder::longest_line) {
  Outcome outcome;
  Decoder decoder(packing, most);
  while (!file.empty() && outcome.error.empty()) {
    Bytes bytes = as_bytes(file.substr(0, portion));
    file.remove_prefix(bytes.size());
    while (take(outcome, decoder.next(bytes))) {
    }
  }
  while (outcome.error.empty() && take(outcome, decoder.next_at_end())) {
  }
  outcome.was_cut_off = decoder.was_cut_off();
  return outcome;
}

// The same however the bytes come.
Outcome decode(const std::string& file) {
  const Outcome whole = decode(file, file.size() + 1);
  EXPECT_EQ(decode(file, 1), whole);
  for (std::size_t portion = 2; portion < file.size(); ++portion) {
    EXPECT_EQ(decode(file, portion), whole) << portion;
  }
  return whole;
}

const std::string one = "{\"t\":0.000001,\"text\":\"one\"}\n";
const std::string two = "{\"t\":0.000002,\"topic\":\"a\",\"text\":\"two\"}\n";

TEST(Decoder, HasTheEntriesInOrder) {
  EXPECT_EQ(decode(header + one + two), (Outcome{one + two, "", false}));
  EXPECT_EQ(decode(header), (Outcome{"", "", false}));
  EXPECT_EQ(decode(header + "\n" + one + "\r\n" + two), (Outcome{one + two, "", false}));
}

TEST(Decoder, TheLastLineNeedsNoLineFeed) {
  EXPECT_EQ(decode(header + one + two.substr(0, two.size() - 1)), (Outcome{one + two, "", false}));
}

TEST(Decoder, ACutOffEndIsNoError) {
  const std::string file = header + one + two;
  for (std::size_t size = header.size() + one.size() + 1; size < file.size() - 1; ++size) {
    EXPECT_EQ(decode(file.substr(0, size)), (Outcome{one, "", true})) << size;
  }
}

TEST(Decoder, ErrorsNameTheLine) {
  const auto error_of = [](const std::string& file) { return decode(file).error; };
  EXPECT_EQ(error_of(header + one + "nonsense\n" + two).substr(0, 24), "line 3 is no JSON object");
  EXPECT_EQ(error_of(header + two + one).substr(0, 17), "line 3 is earlier");
  EXPECT_EQ(error_of("nonsense\n" + one).substr(0, 19), "line 1 is no header");
  EXPECT_EQ(error_of("nonsense").substr(0, 19), "line 1 is no header");
  EXPECT_EQ(error_of(""), "line 1 isn't there: the file is empty");
}

TEST(Decoder, LinesHaveAnEnd) {
  constexpr std::size_t most = 1 << 20;
  const std::string good = "{\"t\":0.000001,\"text\":\"" + std::string(most / 2, 'x') + "\"}\n";
  EXPECT_EQ(decode(header + good, 1 << 16, Packing::plain, most).lines, good);
  const std::string endless = header + one + std::string(most * 2, 'x');
  const Outcome outcome = decode(endless, 1 << 16, Packing::plain, most);
  EXPECT_EQ(outcome.lines, one);
  EXPECT_EQ(outcome.error.substr(0, 28), "line 3 is longer than 1 MiB,");
}

TEST(Decoder, UnpacksAndSeesACutOffFile) {
  for (const Packing packing : {Packing::gzip, Packing::zstd}) {
    std::string file;
    const auto packer = make_packer(packing);
    ASSERT_TRUE(packer->pack(header + one, Packer::Then::flush, file));
    const std::size_t flushed = file.size();
    ASSERT_TRUE(packer->pack(two, Packer::Then::finish, file));
    EXPECT_EQ(decode(file, 1, packing), (Outcome{one + two, "", false}));
    EXPECT_EQ(decode(file, file.size(), packing), (Outcome{one + two, "", false}));
    EXPECT_EQ(decode(file.substr(0, flushed), 1, packing), (Outcome{one, "", true}));
    const Outcome other = decode(header, 100, packing);
    EXPECT_EQ(other.error.substr(0, 30), "line 1 can't be unpacked: this");
  }
}

}  // namespace
}  // namespace simws::recording
