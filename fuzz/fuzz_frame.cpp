// A frame header, and behind it a payload to be masked.
#include "check.h"
#include "protocol/frame.h"

#include <algorithm>

using namespace simws;
using namespace simws::protocol;
using fuzz::check;

namespace {

struct Decoded {
  DecodeStatus status;
  FrameHeader header;
  std::size_t taken;
  std::string_view reason;
};

Decoded decode(Bytes input) {
  Decoded decoded{};
  Failure failure;
  Bytes rest = input;
  decoded.status = decode_frame_header(rest, decoded.header, failure);
  decoded.taken = input.size() - rest.size();
  check(decoded.status == DecodeStatus::done || decoded.taken == 0);
  if (decoded.status != DecodeStatus::fail) return decoded;
  check(failure.code == CloseCode::protocol_error && !failure.reason.empty());
  decoded.reason = failure.reason;
  return decoded;
}

bool equal(const FrameHeader& a, const FrameHeader& b) {
  return a.fin == b.fin && a.rsv1 == b.rsv1 && a.rsv2 == b.rsv2 && a.rsv3 == b.rsv3 &&
         a.opcode == b.opcode && a.masked == b.masked && a.masking_key == b.masking_key &&
         a.payload_length == b.payload_length;
}

// Once it's known, more bytes change nothing; before, it's need_more.
void check_prefixes(Bytes input) {
  const std::size_t most = std::min(input.size(), max_frame_header_size + 2);
  Decoded before = decode({});
  for (std::size_t size = 1; size <= most; ++size) {
    const Decoded now = decode(input.first(size));
    if (before.status != DecodeStatus::need_more) {
      check(now.status == before.status && now.taken == before.taken &&
            now.reason == before.reason);
      check(now.status == DecodeStatus::fail || equal(now.header, before.header));
    } else if (now.status == DecodeStatus::done) {
      check(now.taken == size);
    }
    before = now;
  }
  check(most < max_frame_header_size || before.status != DecodeStatus::need_more);
}

void check_round_trip(Bytes input) {
  const Decoded decoded = decode(input);
  if (decoded.status != DecodeStatus::done) return;
  check(decoded.header.payload_length >> 63 == 0);
  std::array<std::byte, max_frame_header_size> encoded;
  const std::size_t size = encode_frame_header(decoded.header, encoded);
  check(size == decoded.taken);
  check(std::equal(encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(size),
                   input.begin()));
  const Decoded again = decode(Bytes(encoded).first(size));
  check(again.status == DecodeStatus::done && equal(again.header, decoded.header));
}

void check_mask(Bytes input) {
  const Decoded decoded = decode(input);
  if (decoded.status != DecodeStatus::done) return;
  const std::string payload(as_text(input.subspan(decoded.taken)));
  const MaskingKey& key = decoded.header.masking_key;
  const std::uint64_t offset = decoded.header.payload_length;

  std::string whole = payload;
  apply_mask(as_mutable_bytes(whole), key, offset);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    const auto plain = static_cast<std::byte>(payload[i]);
    check(static_cast<std::byte>(whole[i]) == (plain ^ key[(offset + i) % 4]));
  }
  std::string parted = payload;
  const std::size_t cut = static_cast<std::size_t>(offset) % (payload.size() + 1);
  apply_mask(as_mutable_bytes(parted).first(cut), key, offset);
  apply_mask(as_mutable_bytes(parted).subspan(cut), key, offset + cut);
  check(parted == whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input = fuzz::to_bytes(data, size);
  check_prefixes(input);
  check_round_trip(input);
  check_mask(input);
  return 0;
}
