// A peer that compresses, as the test plays it: what it gets as words.
#pragma once

#include "endpoint/server_test_fixture.h"
#include "protocol/deflate_decoder.h"
#include "protocol/deflate_test_fixture.h"

#include <string>
#include <string_view>
#include <vector>

namespace simws::endpoint::test {

using protocol::DeflateSide;

// What comes from a server, or a client: "~" before what was compressed, "+" behind fragments.
class Inflating {
 public:
  explicit Inflating(DeflateSide of_other) : decoder_(pool_, of_other) {}

  Words read(std::string bytes) {
    received_ += bytes;
    Words words;
    while (take_frame(words)) {
    }
    return words;
  }
  // The same with messages whole, whatever their fragments.
  Words read_messages(std::string bytes) {
    frames_.clear();
    Words messages;
    bool goes_on = false;
    const Words words = read(std::move(bytes));
    for (std::size_t i = 0; i < words.size(); ++i) {
      const Frame& frame = frames_[i];
      const std::string word = words[i].substr(0, words[i].size() - (frame.goes_on ? 1 : 0));
      if (goes_on) {
        messages.back() += word.substr(frame.is_compressed ? 1 : 0);
      } else {
        messages.push_back(word);
      }
      goes_on = frame.goes_on;
    }
    return messages;
  }
  // Of the frames read since.
  std::size_t payload_bytes = 0;

 private:
  struct Frame {
    bool goes_on = false;  // more of its message follows
    bool is_compressed = false;
  };

  bool take_frame(Words& words) {
    Bytes rest = as_bytes(received_);
    protocol::FrameHeader header;
    protocol::Failure failure;
    if (decode_frame_header(rest, header, failure) != protocol::DecodeStatus::done) return false;
    if (rest.size() < header.payload_length) return false;
    const auto size = static_cast<std::size_t>(header.payload_length);
    std::string payload(as_text(rest.first(size)));
    if (header.masked) protocol::apply_mask(as_mutable_bytes(payload), header.masking_key, 0);
    received_.erase(0, received_.size() - rest.size() + size);
    payload_bytes += size;
    words.push_back(word_of(header, payload));
    frames_.push_back({!header.fin, is_compressed_});
    return true;
  }

  std::string word_of(const protocol::FrameHeader& header, std::string payload) {
    using protocol::FrameOpcode;
    if (header.opcode == FrameOpcode::ping) return "ping " + payload;
    if (header.opcode == FrameOpcode::pong) return "pong " + payload;
    if (header.opcode == FrameOpcode::close) return "close";
    const bool begins = header.opcode != FrameOpcode::continuation;
    EXPECT_TRUE(begins || !header.rsv1);
    if (begins) is_compressed_ = header.rsv1;
    if (!is_compressed_) return payload + (header.fin ? "" : "+");
    Buffer message;
    protocol::Failure failure;
    EXPECT_NE(decoder_.decode(as_bytes(payload), header.fin, 64 << 20, message, failure),
              protocol::DecodeStatus::fail);
    return "~" + std::string(message.text()) + (header.fin ? "" : "+");
  }

  protocol::DeflatePool pool_;
  protocol::DeflateDecoder decoder_;
  std::string received_;
  bool is_compressed_ = false;
  std::vector<Frame> frames_;  // that were read last
};

inline const std::string offer =
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

// A masked frame with RSV1 set.
inline std::string compressed_frame(std::string payload, bool fin = true) {
  return protocol::test::client_frame(
      {.fin = fin, .rsv1 = true, .opcode = protocol::FrameOpcode::text}, std::move(payload));
}

}  // namespace simws::endpoint::test
