#include "dialogue.h"

#include "protocol/fragments.h"

#include <algorithm>
#include <array>
#include <utility>

namespace simws::conformance {
namespace {

constexpr protocol::MaskingKey key{std::byte{0xC3}, std::byte{0x5A}, std::byte{0x00},
                                   std::byte{0x99}};
constexpr std::size_t small_header_size = 6;  // of a masked frame with a payload under 126 bytes

template <typename Element>
std::vector<Element> joined(std::vector<Element> left, std::vector<Element> right) {
  left.insert(left.end(), std::move_iterator(right.begin()), std::move_iterator(right.end()));
  return left;
}

Wire single(FrameOpcode opcode, std::string payload) {
  return frame({.opcode = static_cast<int>(opcode)}, std::move(payload));
}

std::string code_bytes(int code) {
  return {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
}

std::string join(const std::vector<std::string>& parts) {
  std::string all;
  for (const std::string& part : parts) all += part;
  return all;
}

int hex_digit(char digit) {
  return digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

// Makes a server's frames of a client's, wherever they are cut; a header leaves when it's whole.
class Unmasking {
 public:
  std::string pass(std::string_view bytes) {
    std::string out;
    waiting_ += bytes;
    while (!waiting_.empty()) {
      if (left_ == 0 && !take_header(out)) break;
      take_payload(out);
    }
    return out;
  }

 private:
  bool take_header(std::string& out) {
    Bytes rest = as_bytes(waiting_);
    protocol::Failure failure;
    if (decode_frame_header(rest, frame_, failure) != protocol::DecodeStatus::done) return false;
    waiting_.erase(0, waiting_.size() - rest.size());
    frame_.masked = false;
    std::array<std::byte, protocol::max_frame_header_size> bytes;
    out += as_text(Bytes(bytes).first(encode_frame_header(frame_, bytes)));
    left_ = frame_.payload_length;
    return true;
  }

  void take_payload(std::string& out) {
    std::string payload = waiting_.substr(0, left_);
    waiting_.erase(0, payload.size());
    protocol::apply_mask(as_mutable_bytes(payload), frame_.masking_key,
                         frame_.payload_length - left_);
    left_ -= payload.size();
    out += payload;
  }

  std::string waiting_;  // what hasn't passed yet
  protocol::FrameHeader frame_;
  std::uint64_t left_ = 0;  // of the payload under way
};

}  // namespace

Wire operator+(Wire left, Wire right) {
  return {joined(std::move(left.frames), std::move(right.frames))};
}

Wire repeat(std::size_t times, const Wire& wire) {
  Wire all;
  for (std::size_t i = 0; i < times; ++i) all = std::move(all) + wire;
  return all;
}

Wire frame(FrameKind kind, std::string payload) {
  const protocol::FrameHeader header{.fin = kind.fin,
                                     .rsv1 = (kind.rsv & 4) != 0,
                                     .rsv2 = (kind.rsv & 2) != 0,
                                     .rsv3 = (kind.rsv & 1) != 0,
                                     .opcode = static_cast<FrameOpcode>(kind.opcode),
                                     .masked = true,
                                     .masking_key = key,
                                     .payload_length = payload.size()};
  std::array<std::byte, protocol::max_frame_header_size> bytes;
  std::string wire(as_text(Bytes(bytes).first(encode_frame_header(header, bytes))));
  protocol::apply_mask(as_mutable_bytes(payload), key, 0);
  return {{wire + payload}};
}

Wire text(std::string payload) {
  return single(FrameOpcode::text, std::move(payload));
}
Wire binary(std::string payload) {
  return single(FrameOpcode::binary, std::move(payload));
}
Wire ping(std::string payload) {
  return single(FrameOpcode::ping, std::move(payload));
}
Wire pong(std::string payload) {
  return single(FrameOpcode::pong, std::move(payload));
}
Wire close() {
  return close_with_payload({});
}
Wire close(int code, std::string_view reason) {
  return close_with_payload(code_bytes(code).append(reason));
}
Wire close_with_payload(std::string payload) {
  return single(FrameOpcode::close, std::move(payload));
}

Wire fragmented(FrameOpcode opcode, const std::vector<std::string>& payloads) {
  Wire wire;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const FrameOpcode of_frame = i == 0 ? opcode : FrameOpcode::continuation;
    const FrameKind kind{.fin = i + 1 == payloads.size(), .opcode = static_cast<int>(of_frame)};
    wire.frames.push_back(frame(kind, payloads[i]).frames.front());
  }
  return wire;
}

std::vector<std::string> pieces(const std::string& payload, std::size_t size) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < payload.size(); at += size) all.push_back(payload.substr(at, size));
  if (all.empty()) all.emplace_back();
  return all;
}

std::string from_hex(std::string_view hex) {
  std::string digits(hex);
  std::erase(digits, ' ');
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2) {
    bytes += static_cast<char>(hex_digit(digits[at]) << 4 | hex_digit(digits[at + 1]));
  }
  return bytes;
}

Writes whole(const Wire& wire) {
  return {join(wire.frames)};
}
Writes frame_by_frame(const Wire& wire) {
  return wire.frames;
}
Writes in_chops(std::size_t size, const Wire& wire) {
  return pieces(join(wire.frames), size);
}

Writes cut_payload(const Wire& wire, std::initializer_list<std::size_t> offsets) {
  const std::string& bytes = wire.frames.front();
  Writes writes;
  std::size_t at = 0;
  for (const std::size_t offset : offsets) {
    writes.push_back(bytes.substr(at, small_header_size + offset - at));
    at = small_header_size + offset;
  }
  writes.push_back(bytes.substr(at));
  return writes;
}

Answer text_answer(std::string payload) {
  return {FrameOpcode::text, std::move(payload)};
}
Answer binary_answer(std::string payload) {
  return {FrameOpcode::binary, std::move(payload)};
}
Answer pong_answer(std::string payload) {
  return {FrameOpcode::pong, std::move(payload)};
}
Answer close_answer() {
  return {FrameOpcode::close, {}};
}
Answer close_answer(int code) {
  return {FrameOpcode::close, code_bytes(code)};
}

std::string FrameReader::fault_of(const protocol::FrameHeader& header) const {
  using protocol::Fragments;
  const bool continues = header.opcode == FrameOpcode::continuation;
  if (header.rsv2 || header.rsv3) return "RSV2 or RSV3";
  if (header.masked != (role_ == Role::client)) return "wrongly masked, or not";
  if (is_control(header.opcode)) return header.fin && !header.rsv1 ? "" : "a strange control frame";
  if (continues != begun_.has_value()) return "a frame out of order";
  if (continues && header.rsv1) return "RSV1 within a message";
  if (!header.fin && header.payload_length + 3 < Fragments::most) return "a fragment for nothing";
  return header.fin && continues && header.payload_length == 0 ? "a fragment for nothing" : "";
}

std::optional<FrameReader::Message> FrameReader::take_frame(const protocol::FrameHeader& header,
                                                            std::string payload) {
  if (is_control(header.opcode)) return Message{header.opcode, false, std::move(payload)};
  if (!begun_) begun_ = Message{header.opcode, header.rsv1, {}};
  begun_->payload += payload;
  return header.fin ? std::exchange(begun_, std::nullopt) : std::nullopt;
}

std::optional<FrameReader::Message> FrameReader::take(std::string& received) {
  while (wrong_.empty()) {
    Bytes rest = as_bytes(received);
    protocol::FrameHeader header;
    protocol::Failure failure;
    const auto status = decode_frame_header(rest, header, failure);
    if (status == protocol::DecodeStatus::fail) wrong_ = failure.reason;
    if (status != protocol::DecodeStatus::done) break;
    wrong_ = fault_of(header);
    if (!wrong_.empty() || rest.size() < header.payload_length) break;
    const auto size = static_cast<std::size_t>(header.payload_length);
    std::string payload(as_text(rest.first(size)));
    if (header.masked) protocol::apply_mask(as_mutable_bytes(payload), header.masking_key, 0);
    received.erase(0, received.size() - rest.size() + size);
    if (auto message = take_frame(header, std::move(payload))) return message;
  }
  return std::nullopt;
}

bool take_answers(FrameReader& reader, std::string& received, Answers& answers) {
  while (auto message = reader.take(received)) {
    if (message->rsv1) return false;
    std::string& payload = message->payload;
    if (message->opcode == FrameOpcode::close)
      payload.resize(std::min<std::size_t>(payload.size(), 2));
    answers.push_back({message->opcode, std::move(payload)});
  }
  return reader.wrong().empty();
}

Dialogue operator+(Dialogue left, Dialogue right) {
  return joined(std::move(left), std::move(right));
}

Dialogue led_against(Role role, Dialogue dialogue) {
  if (role == Role::server) return dialogue;
  Unmasking unmasking;
  for (Turn& turn : dialogue) {
    for (std::string& write : turn.writes) write = unmasking.pass(write);
  }
  return dialogue;
}

std::size_t size_of(const Dialogue& dialogue) {
  std::size_t size = 0;
  for (const Turn& turn : dialogue) {
    for (const std::string& write : turn.writes) size += write.size();
  }
  return size;
}

Dialogue exchange(Writes writes, Answers answers) {
  Dialogue dialogue;
  dialogue.push_back({std::move(writes), std::move(answers)});
  return dialogue;
}

Dialogue goodbye() {
  return exchange(whole(close(1000)), {close_answer(1000)});
}

Dialogue failed(Writes writes, int code) {
  return failed(std::move(writes), {}, code);
}

Dialogue failed(Writes writes, Answers answers, int code) {
  answers.push_back(close_answer(code));
  return exchange(std::move(writes), std::move(answers));
}

}  // namespace simws::conformance
