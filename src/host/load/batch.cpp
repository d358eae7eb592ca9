#include "host/load/batch.h"

#include "base/cut_text.h"
#include "host/load/deflate.h"

#include <array>
#include <cstdio>
#include <random>
#include <string_view>

namespace simws::load {
namespace {

constexpr std::uint8_t fin = 0x80;
constexpr std::uint8_t compressed = 0x40;  // RSV1, RFC 7692, 6
constexpr std::uint8_t masked = 0x80;
constexpr std::uint8_t pong = 0xA;

std::string_view alphabet(Payload payload) {
  switch (payload) {
    case Payload::ascii:
      return "{\"joint\":3,\"position\":0.7853981633974483} ";
    case Payload::utf8:
      return "\xC3\xA9\xCF\x80\xE2\x82\xAC\xE5\x8A\x9B\xF0\x9F\xA4\x96";  // two to four bytes each
    case Payload::json:
      break;
    case Payload::binary:
      return std::string_view{"\xFF\x00\xFE\x80\x7F\xC0\x01", 7};
  }
  return {};
}

// As a robot reports its joints, each time with other values.
std::string make_json(std::size_t size, std::size_t number) {
  std::string message = "{\"step\":" + std::to_string(number) + ",\"joints\":[";
  std::mt19937 values{static_cast<std::uint32_t>(number + 1)};
  for (int joint = 1; message.size() < size; ++joint) {
    char text[80];
    std::snprintf(text, sizeof text, "{\"name\":\"joint%d\",\"position\":%.6f,\"velocity\":%.4f},",
                  joint, static_cast<double>(values()) / 1e9, static_cast<double>(values()) / 1e9);
    message += text;
  }
  message.resize(size, ' ');
  return message;
}

std::string make_message(std::size_t size, std::size_t number, Payload payload) {
  if (payload == Payload::json) return make_json(size, number);
  std::string message = std::to_string(number) + ' ';
  if (message.size() > size) message.resize(size);
  const std::string_view characters = alphabet(payload);
  std::size_t next = 0;
  while (message.size() < size) {
    std::size_t length = 1;
    while (payload == Payload::utf8 && next + length < characters.size() &&
           continues_character(characters[next + length])) {
      ++length;
    }
    const bool fits = message.size() + length <= size;
    message += fits ? characters.substr(next, length) : std::string_view{"."};
    next = (next + length) % characters.size();
  }
  return message;
}

// RFC 6455, 5.2: seven bits, or 126 and two bytes, or 127 and eight bytes.
void append_length(std::string& wire, std::size_t size, std::size_t mask_bit) {
  const int bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const std::size_t first = bytes == 0 ? size : bytes == 2 ? 126 : 127;
  wire += static_cast<char>(mask_bit | first);
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    wire += static_cast<char>((size >> shift) & 0xFF);
  }
}

void append_plain_frame(std::string& wire, int first_byte, std::string_view payload) {
  wire += static_cast<char>(first_byte);
  append_length(wire, payload.size(), 0);
  wire += payload;
}

}  // namespace

void append_masked_frame(std::string& wire, std::uint8_t first_byte, std::string_view payload,
                         std::uint32_t masking_key) {
  std::array<char, 4> key{};
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<char>((masking_key >> (8 * i)) & 0xFF);
  }
  wire += static_cast<char>(first_byte);
  append_length(wire, payload.size(), masked);
  wire.append(key.data(), key.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    wire += static_cast<char>(payload[i] ^ key[i % key.size()]);
  }
}

void append_pong(std::string& wire, std::string_view payload, Sender sender) {
  if (sender == Sender::server) return append_plain_frame(wire, fin | pong, payload);
  append_masked_frame(wire, fin | pong, payload, 0);
}

Batch make_batch(std::size_t size, std::size_t pipeline, Payload payload, Sender sender) {
  Batch batch;
  batch.opcode = payload == Payload::binary ? 2 : 1;
  std::mt19937 masking_keys{1};  // the same bytes in each run
  for (std::size_t i = 0; i < pipeline; ++i) {
    batch.messages.push_back(make_message(size, i, payload));
    const std::string& message = batch.messages.back();
    if (sender == Sender::server) {
      append_plain_frame(batch.wire, fin | batch.opcode, message);
    } else {
      append_masked_frame(batch.wire, fin | batch.opcode, message,
                          static_cast<std::uint32_t>(masking_keys()));
    }
  }
  return batch;
}

Batch make_deflated_batch(std::size_t size, std::size_t pipeline, Payload payload,
                          int window_bits) {
  Batch batch;
  batch.opcode = payload == Payload::binary ? 2 : 1;
  std::mt19937 masking_keys{1};
  for (std::size_t i = 0; i < pipeline; ++i) {
    batch.messages.push_back(make_message(size, i, payload));
    append_masked_frame(batch.wire, fin | compressed | batch.opcode,
                        deflate(batch.messages.back(), window_bits),
                        static_cast<std::uint32_t>(masking_keys()));
  }
  return batch;
}

Batch make_raw_batch(std::size_t size, std::size_t pipeline) {
  Batch batch;
  for (std::size_t i = 0; i < pipeline; ++i) {
    batch.messages.push_back(make_message(size, i, Payload::ascii));
    batch.wire += batch.messages.back();
  }
  return batch;
}

}  // namespace simws::load
