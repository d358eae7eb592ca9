#include "protocol/frame.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace simws::protocol {
namespace {

using namespace std::string_literals;

constexpr MaskingKey key{std::byte{0x37}, std::byte{0xFA}, std::byte{0x21}, std::byte{0x3D}};

struct Vector {
  std::string wire;
  FrameHeader header;
};

const Vector vectors[] = {
    {"\x81\x05"s, {.payload_length = 5}},
    {"\x81\x85\x37\xfa\x21\x3d"s, {.masked = true, .masking_key = key, .payload_length = 5}},
    {"\x01\x03"s, {.fin = false, .payload_length = 3}},
    {"\x80\x02"s, {.opcode = FrameOpcode::continuation, .payload_length = 2}},
    {"\x89\x00"s, {.opcode = FrameOpcode::ping}},
    {"\x8a\x80\x37\xfa\x21\x3d"s,
     {.opcode = FrameOpcode::pong, .masked = true, .masking_key = key}},
    {"\x88\x7d"s, {.opcode = FrameOpcode::close, .payload_length = 125}},
    {"\xc1\x07"s, {.rsv1 = true, .payload_length = 7}},
    {"\xa2\x07"s, {.rsv2 = true, .opcode = FrameOpcode::binary, .payload_length = 7}},
    {"\x9b\x07"s, {.rsv3 = true, .opcode = FrameOpcode{0xB}, .payload_length = 7}},
    {"\x82\x7e\x00\x7e"s, {.opcode = FrameOpcode::binary, .payload_length = 126}},
    {"\x82\x7e\x01\x00"s, {.opcode = FrameOpcode::binary, .payload_length = 256}},
    {"\x82\x7e\xff\xff"s, {.opcode = FrameOpcode::binary, .payload_length = 65535}},
    {"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"s,
     {.opcode = FrameOpcode::binary, .payload_length = 65536}},
    {"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x37\xfa\x21\x3d"s,
     {.opcode = FrameOpcode::binary,
      .masked = true,
      .masking_key = key,
      .payload_length = 0x7FFF'FFFF'FFFF'FFFF}},
};

void expect_equal(const FrameHeader& got, const FrameHeader& wanted) {
  EXPECT_EQ(got.fin, wanted.fin);
  EXPECT_EQ(got.rsv1, wanted.rsv1);
  EXPECT_EQ(got.rsv2, wanted.rsv2);
  EXPECT_EQ(got.rsv3, wanted.rsv3);
  EXPECT_EQ(got.opcode, wanted.opcode);
  EXPECT_EQ(got.masked, wanted.masked);
  EXPECT_EQ(got.masking_key, wanted.masking_key);
  EXPECT_EQ(got.payload_length, wanted.payload_length);
}

TEST(FrameHeader, DecodesAndLeavesThePayload) {
  for (const Vector& vector : vectors) {
    SCOPED_TRACE(testing::PrintToString(vector.wire));
    const std::string wire = vector.wire + "payload";
    Bytes input = as_bytes(wire);
    FrameHeader header;
    Failure failure;
    ASSERT_EQ(decode_frame_header(input, header, failure), DecodeStatus::done);
    expect_equal(header, vector.header);
    EXPECT_EQ(as_text(input), "payload");
  }
}

TEST(FrameHeader, NeedsMoreUntilItsLastByteAndTakesNothingBefore) {
  for (const Vector& vector : vectors) {
    for (std::size_t size = 0; size < vector.wire.size(); ++size) {
      SCOPED_TRACE(testing::PrintToString(vector.wire) + " cut at " + std::to_string(size));
      Bytes input = as_bytes(vector.wire).first(size);
      FrameHeader header;
      Failure failure;
      EXPECT_EQ(decode_frame_header(input, header, failure), DecodeStatus::need_more);
      EXPECT_EQ(input.size(), size);
    }
  }
}

TEST(FrameHeader, EncodesInTheFewestBytes) {
  for (const Vector& vector : vectors) {
    std::array<std::byte, max_frame_header_size> out;
    const std::size_t size = encode_frame_header(vector.header, out);
    EXPECT_EQ(as_text(Bytes(out).first(size)), vector.wire);
  }
}

struct ForbiddenLength {
  std::string wire;
  std::size_t shown_at;  // how many bytes show it
  std::string_view reason;
};

TEST(FrameHeader, FailsAsSoonAsTheLengthIsForbidden) {
  const ForbiddenLength cases[] = {
      {"\x82\x7e\x00\x00"s, 4, "payload length not in the fewest bytes"},
      {"\x82\x7e\x00\x7d"s, 4, "payload length not in the fewest bytes"},
      {"\x82\xfe\x00\x7d"s, 4, "payload length not in the fewest bytes"},
      {"\x82\x7f\x00\x00\x00\x00\x00\x00\x00\x00"s, 8, "payload length not in the fewest bytes"},
      {"\x82\x7f\x00\x00\x00\x00\x00\x00\xff\xff"s, 8, "payload length not in the fewest bytes"},
      {"\x82\x7f\x80\x00\x00\x00\x00\x00\x00\x00"s, 3, "payload length with its highest bit set"},
      {"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff"s, 3, "payload length with its highest bit set"},
  };
  for (const ForbiddenLength& forbidden : cases) {
    for (std::size_t size = 0; size <= forbidden.wire.size(); ++size) {
      SCOPED_TRACE(testing::PrintToString(forbidden.wire) + " cut at " + std::to_string(size));
      Bytes input = as_bytes(forbidden.wire).first(size);
      FrameHeader header;
      Failure failure;
      const DecodeStatus status = decode_frame_header(input, header, failure);
      if (size < forbidden.shown_at) {
        EXPECT_EQ(status, DecodeStatus::need_more);
        continue;
      }
      EXPECT_EQ(status, DecodeStatus::fail);
      EXPECT_EQ(failure.code, CloseCode::protocol_error);
      EXPECT_EQ(failure.reason, forbidden.reason);
    }
  }
}

TEST(AppendFrame, WritesUnmaskedFramesOneBehindTheOther) {
  Buffer out;
  append_frame(out, FrameOpcode::text, false, as_bytes("Hel"));
  append_frame(out, FrameOpcode::continuation, true, as_bytes("lo"));
  append_frame(out, FrameOpcode::ping, true, {});
  EXPECT_EQ(out.text(), "\x01\x03Hel\x80\x02lo\x89\x00"s);
}

// RFC 6455, 5.3, as it is written there.
std::string masked_by_definition(std::string data, const MaskingKey& with, std::uint64_t offset) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    data[i] = static_cast<char>(static_cast<std::byte>(data[i]) ^ with[(i + offset) % 4]);
  }
  return data;
}

std::string counting_bytes(std::size_t size) {
  std::string data(size, '\0');
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<char>(i * 7 + i / 256);
  return data;
}

TEST(ApplyMask, IsTheStandardsForEverySizeAlignmentAndOffset) {
  for (std::size_t size = 0; size <= 200; ++size) {
    for (std::size_t alignment = 0; alignment < 8; ++alignment) {
      for (const std::uint64_t offset : {0ULL, 1ULL, 2ULL, 3ULL, 5ULL, 0xFFFF'FFFF'FFFF'FFFEULL}) {
        const std::string plain = counting_bytes(alignment + size + 1);
        std::string data = plain;
        apply_mask(as_mutable_bytes(data).subspan(alignment, size), key, offset);
        const std::string masked = masked_by_definition(plain.substr(alignment, size), key, offset);
        ASSERT_EQ(data, plain.substr(0, alignment) + masked + plain.substr(alignment + size))
            << "size " << size << ", alignment " << alignment << ", offset " << offset;
      }
    }
  }
}

TEST(ApplyMask, TakesAPayloadInPortions) {
  const std::string plain = counting_bytes(300);
  const std::string masked = masked_by_definition(plain, key, 0);
  for (std::size_t cut = 0; cut <= plain.size(); ++cut) {
    std::string data = plain;
    apply_mask(as_mutable_bytes(data).first(cut), key, 0);
    apply_mask(as_mutable_bytes(data).subspan(cut), key, cut);
    ASSERT_EQ(data, masked) << cut;
  }
}

}  // namespace
}  // namespace simws::protocol
