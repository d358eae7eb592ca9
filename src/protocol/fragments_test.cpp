#include "protocol/fragments.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace simws::protocol {
namespace {

constexpr std::size_t most = Fragments::most;

std::vector<Fragment> fragments_of(const FrameHeader& header, std::string_view payload) {
  std::vector<Fragment> taken;
  for (Fragments fragments(header, as_bytes(payload)); !fragments.ended();) {
    taken.push_back(fragments.take());
  }
  return taken;
}

std::vector<std::size_t> sizes_of(const FrameHeader& header, std::string_view payload) {
  std::vector<std::size_t> sizes;
  for (const Fragment& fragment : fragments_of(header, payload)) {
    EXPECT_EQ(fragment.header.payload_length, fragment.payload.size());
    sizes.push_back(fragment.payload.size());
  }
  EXPECT_LE(sizes.size(), Fragments::count_for(payload.size()));
  return sizes;
}

using Sizes = std::vector<std::size_t>;

TEST(FragmentsTest, UpTo64KiBAreOne) {
  const FrameHeader text{.opcode = FrameOpcode::text};
  EXPECT_EQ(sizes_of(text, ""), Sizes({0}));
  EXPECT_EQ(sizes_of(text, "a"), Sizes({1}));
  EXPECT_EQ(sizes_of(text, std::string(most, 'a')), Sizes({most}));
  EXPECT_EQ(sizes_of(text, std::string(most + 1, 'a')), Sizes({most, 1}));
  EXPECT_EQ(sizes_of(text, std::string(3 * most, 'a')), Sizes({most, most, most}));
}

TEST(FragmentsTest, TheFirstSaysWhatTheMessageIsAndTheLastEndsIt) {
  const std::string payload(3 * most, 'a');
  for (const bool fin : {true, false}) {
    for (const bool rsv1 : {true, false}) {
      for (const FrameOpcode opcode :
           {FrameOpcode::text, FrameOpcode::binary, FrameOpcode::continuation}) {
        const auto taken = fragments_of({.fin = fin, .rsv1 = rsv1, .opcode = opcode}, payload);
        ASSERT_EQ(taken.size(), 3u);
        EXPECT_EQ(taken[0].header.opcode, opcode);
        EXPECT_EQ(taken[0].header.rsv1, rsv1);
        EXPECT_FALSE(taken[0].header.fin);
        EXPECT_EQ(taken[1].header.opcode, FrameOpcode::continuation);
        EXPECT_FALSE(taken[1].header.rsv1);
        EXPECT_FALSE(taken[1].header.fin);
        EXPECT_EQ(taken[2].header.opcode, FrameOpcode::continuation);
        EXPECT_FALSE(taken[2].header.rsv1);
        EXPECT_EQ(taken[2].header.fin, fin);
      }
    }
  }
}

TEST(FragmentsTest, CutsNoCharacterOfAText) {
  for (const std::string_view character : {"\u00e4", "\u20ac", "\U0001F600"}) {
    std::string characters;
    while (characters.size() < 2 * most) characters += character;
    for (std::size_t before = 0; before < 4; ++before) {
      const std::string payload = std::string(before, 'a') + characters;
      std::string together;
      for (const Fragment& fragment : fragments_of({.opcode = FrameOpcode::text}, payload)) {
        EXPECT_LE(fragment.payload.size(), most);
        EXPECT_NE(std::to_integer<int>(fragment.payload.front()) & 0xC0, 0x80) << before;
        together += as_text(fragment.payload);
      }
      EXPECT_TRUE(together == payload) << before;
    }
  }
}

TEST(FragmentsTest, CutsBytesAnywhere) {
  const std::string payload(most + 10, '\x80');
  EXPECT_EQ(sizes_of({.opcode = FrameOpcode::binary}, payload), Sizes({most, 10}));
  EXPECT_EQ(sizes_of({.rsv1 = true, .opcode = FrameOpcode::text}, payload), Sizes({most, 10}));
  EXPECT_EQ(sizes_of({.opcode = FrameOpcode::continuation}, payload), Sizes({most, 10}));
}

}  // namespace
}  // namespace simws::protocol
