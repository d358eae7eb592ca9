#include "recording/packing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace simws::recording {
namespace {

using Then = Packer::Then;

class PackingTest : public testing::TestWithParam<Packing> {
 protected:
  static std::string packed(std::string_view text, Then then) {
    std::string out;
    const auto packer = make_packer(GetParam());
    EXPECT_TRUE(packer->pack(text, then, out));
    return out;
  }

  // All that comes of it in portions of so many bytes, into room of so many.
  static std::string unpacked(Unpacker& unpacker, std::string_view packed, std::size_t portion,
                              std::size_t room_size) {
    std::string text;
    std::vector<char> room(room_size);
    while (!packed.empty()) {
      Bytes bytes = as_bytes(packed.substr(0, portion));
      packed.remove_prefix(bytes.size());
      while (true) {
        const auto count = unpacker.unpack(bytes, as_mutable_bytes(room));
        EXPECT_TRUE(count) << count.error().message;
        if (!count || *count == 0) break;
        text.append(room.data(), *count);
      }
      EXPECT_TRUE(bytes.empty());
    }
    return text;
  }
  static std::string unpacked(std::string_view packed) {
    const auto unpacker = make_unpacker(GetParam());
    return unpacked(*unpacker, packed, packed.size(), 4096);
  }

  static std::string content() {
    std::string text;
    for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i * i) + '\n';
    return text;
  }
};

INSTANTIATE_TEST_SUITE_P(Packing, PackingTest,
                         testing::Values(Packing::plain, Packing::gzip, Packing::zstd),
                         [](const auto& tested) {
                           return std::string(tested.param == Packing::plain  ? "Plain"
                                              : tested.param == Packing::gzip ? "Gzip"
                                                                              : "Zstd");
                         });

TEST_P(PackingTest, UnpacksWhatItHasPacked) {
  const std::string text = content();
  const std::string file = packed(text, Then::finish);
  for (const std::size_t portion : {std::size_t{1}, std::size_t{7}, file.size()}) {
    for (const std::size_t room : {1u, 4096u, 1u << 20}) {
      const auto unpacker = make_unpacker(GetParam());
      EXPECT_EQ(unpacked(*unpacker, file, portion, room), text);
      EXPECT_TRUE(unpacker->is_complete());
    }
  }
}

TEST_P(PackingTest, WhatWasFlushedCanBeUnpacked) {
  const auto packer = make_packer(GetParam());
  std::string file;
  ASSERT_TRUE(packer->pack("first\n", Then::go_on, file));
  ASSERT_TRUE(packer->pack({}, Then::flush, file));
  EXPECT_EQ(unpacked(file), "first\n");
  ASSERT_TRUE(packer->pack("second\n", Then::flush, file));
  EXPECT_EQ(unpacked(file), "first\nsecond\n");
  const auto unpacker = make_unpacker(GetParam());
  unpacked(*unpacker, file, file.size(), 4096);
  EXPECT_EQ(unpacker->is_complete(), GetParam() == Packing::plain);
  ASSERT_TRUE(packer->pack("third\n", Then::finish, file));
  EXPECT_EQ(unpacked(file), "first\nsecond\nthird\n");
}

TEST_P(PackingTest, FilesOneBehindTheOtherAreOne) {
  const std::string file = packed("one\n", Then::finish) + packed("two\n", Then::finish);
  EXPECT_EQ(unpacked(file), "one\ntwo\n");
  const auto unpacker = make_unpacker(GetParam());
  EXPECT_EQ(unpacked(*unpacker, file, 1, 1), "one\ntwo\n");
  EXPECT_TRUE(unpacker->is_complete());
}

// What comes of a file that ends anywhere is the start of what is in it.
TEST_P(PackingTest, EveryEndOfAFileLeavesItsStart) {
  const std::string text = content().substr(0, 300);
  const std::string file = packed(text, Then::finish);
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto unpacker = make_unpacker(GetParam());
    const std::string start = unpacked(*unpacker, file.substr(0, size), 1, 64);
    EXPECT_EQ(text.substr(0, start.size()), start);
    EXPECT_EQ(unpacker->is_complete(), GetParam() == Packing::plain) << size;
  }
}

TEST_P(PackingTest, WhatIsPackedOtherwiseIsAnError) {
  if (GetParam() == Packing::plain) return;
  const auto unpacker = make_unpacker(GetParam());
  Bytes bytes = as_bytes("{\"format\":\"simws-recording\"}\n");
  std::string room(100, ' ');
  const auto count = unpacker->unpack(bytes, as_mutable_bytes(room));
  ASSERT_FALSE(count);
  EXPECT_EQ(count.error().code, ErrorCode::invalid_argument);
}

// However much comes at once.
TEST(Packing, WhatComesBeforeDamageIsUnpacked) {
  std::string file;
  ASSERT_TRUE(make_packer(Packing::gzip)->pack("text", Packer::Then::finish, file));
  file.back() = static_cast<char>(file.back() + 1);  // its length
  const auto unpacker = make_unpacker(Packing::gzip);
  Bytes bytes = as_bytes(file);
  std::string room(100, ' ');
  const auto count = unpacker->unpack(bytes, as_mutable_bytes(room));
  ASSERT_TRUE(count);
  EXPECT_EQ(room.substr(0, *count), "text");
  EXPECT_FALSE(unpacker->unpack(bytes, as_mutable_bytes(room)));
}

TEST(Packing, IsAsTheNameSays) {
  EXPECT_EQ(packing_of("run.jsonl"), Packing::plain);
  EXPECT_EQ(packing_of("run.jsonl.gz"), Packing::gzip);
  EXPECT_EQ(packing_of("a.gz/run.jsonl.zst"), Packing::zstd);
  EXPECT_EQ(packing_of("gz"), Packing::plain);
}

}  // namespace
}  // namespace simws::recording
