#include "protocol/frame.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace simws::protocol {
namespace {

constexpr std::uint8_t fin_bit = 0x80, rsv1_bit = 0x40, rsv2_bit = 0x20, rsv3_bit = 0x10;
constexpr std::uint8_t opcode_bits = 0x0F, mask_bit = 0x80, length_bits = 0x7F;
constexpr std::uint8_t length_in_2_bytes = 126, length_in_8_bytes = 127;

std::size_t extended_length_size(std::uint8_t short_length) {
  if (short_length == length_in_8_bytes) return 8;
  return short_length == length_in_2_bytes ? 2 : 0;
}

DecodeStatus fail(Failure& failure, std::string_view reason) {
  failure = {CloseCode::protocol_error, reason};
  return DecodeStatus::fail;
}

// The extended payload length of `size` bytes, of which `field` may hold the first ones only.
DecodeStatus decode_extended_length(Bytes field, std::size_t size, std::uint64_t& length,
                                    Failure& failure) {
  length = 0;
  for (const std::byte byte : field) length = length << 8 | std::to_integer<std::uint8_t>(byte);
  if (size == 8) {
    if (!field.empty() && (field[0] & std::byte{0x80}) != std::byte{}) {
      return fail(failure, "payload length with its highest bit set");
    }
    // The first six bytes tell already that the length would fit in two.
    if (field.size() >= 6 && length >> (8 * (field.size() - 6)) == 0) {
      return fail(failure, "payload length not in the fewest bytes");
    }
  } else if (field.size() == 2 && length < length_in_2_bytes) {
    return fail(failure, "payload length not in the fewest bytes");
  }
  return field.size() == size ? DecodeStatus::done : DecodeStatus::need_more;
}

// The key as the eight bytes that meet the payload from `offset` on.
std::uint64_t mask_word(const MaskingKey& key, std::uint64_t offset) {
  std::uint32_t half;
  std::memcpy(&half, key.data(), sizeof half);
  const int turn = static_cast<int>(offset & 3) * 8;
  half = std::endian::native == std::endian::little ? std::rotr(half, turn) : std::rotl(half, turn);
  return std::uint64_t{half} << 32 | half;
}

// Copies words in and out, for `data` has any alignment; compilers make vectors of it.
template <typename Word, std::size_t Count>
void xor_words(std::byte* data, Word mask) {
  std::array<Word, Count> words;
  std::memcpy(words.data(), data, sizeof words);
  for (Word& word : words) word ^= mask;
  std::memcpy(data, words.data(), sizeof words);
}

}  // namespace

DecodeStatus decode_frame_header(Bytes& input, FrameHeader& header, Failure& failure) {
  if (input.size() < 2) return DecodeStatus::need_more;
  const auto first = std::to_integer<std::uint8_t>(input[0]);
  const auto second = std::to_integer<std::uint8_t>(input[1]);
  header.fin = (first & fin_bit) != 0;
  header.rsv1 = (first & rsv1_bit) != 0;
  header.rsv2 = (first & rsv2_bit) != 0;
  header.rsv3 = (first & rsv3_bit) != 0;
  header.opcode = static_cast<FrameOpcode>(first & opcode_bits);
  header.masked = (second & mask_bit) != 0;
  header.payload_length = second & length_bits;

  Bytes rest = input.subspan(2);
  const std::size_t length_size = extended_length_size(second & length_bits);
  if (length_size != 0) {
    const Bytes field = rest.first(std::min(length_size, rest.size()));
    const DecodeStatus status =
        decode_extended_length(field, length_size, header.payload_length, failure);
    if (status != DecodeStatus::done) return status;
    rest = rest.subspan(length_size);
  }
  if (header.masked) {
    if (rest.size() < header.masking_key.size()) return DecodeStatus::need_more;
    std::memcpy(header.masking_key.data(), rest.data(), header.masking_key.size());
    rest = rest.subspan(header.masking_key.size());
  }
  input = rest;
  return DecodeStatus::done;
}

std::size_t encode_frame_header(const FrameHeader& header,
                                std::array<std::byte, max_frame_header_size>& out) {
  const std::uint64_t length = header.payload_length;
  const std::uint8_t short_length = length > 0xFFFF ? length_in_8_bytes
                                    : length >= length_in_2_bytes
                                        ? length_in_2_bytes
                                        : static_cast<std::uint8_t>(length);
  const int first = (header.fin ? fin_bit : 0) | (header.rsv1 ? rsv1_bit : 0) |
                    (header.rsv2 ? rsv2_bit : 0) | (header.rsv3 ? rsv3_bit : 0) |
                    (static_cast<int>(header.opcode) & opcode_bits);
  out[0] = static_cast<std::byte>(first);
  out[1] = static_cast<std::byte>((header.masked ? mask_bit : 0) | short_length);

  std::size_t size = 2;
  for (std::size_t left = extended_length_size(short_length); left != 0; --left) {
    out[size++] = static_cast<std::byte>(length >> (8 * (left - 1)) & 0xFF);
  }
  if (header.masked) {
    for (const std::byte byte : header.masking_key) out[size++] = byte;
  }
  return size;
}

void append_frame(Buffer& out, FrameOpcode opcode, bool fin, Bytes payload) {
  std::array<std::byte, max_frame_header_size> bytes;
  const FrameHeader header{.fin = fin, .opcode = opcode, .payload_length = payload.size()};
  out.append(Bytes(bytes).first(encode_frame_header(header, bytes)));
  out.append(payload);
}

void apply_mask(MutableBytes data, const MaskingKey& key, std::uint64_t offset) {
  const std::uint64_t mask = mask_word(key, offset);
  std::byte* at = data.data();
  std::size_t left = data.size();
  for (; left >= 64; left -= 64, at += 64) xor_words<std::uint64_t, 8>(at, mask);
  for (; left >= 8; left -= 8, at += 8) xor_words<std::uint64_t, 1>(at, mask);
  // A multiple of four bytes is done, so the key begins where it began.
  for (std::size_t i = 0; i < left; ++i) at[i] ^= key[(offset + i) & 3];
}

}  // namespace simws::protocol
