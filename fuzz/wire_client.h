// A client of a server in memory: what it may send, and a check of all that it's sent.
#pragma once

#include "base/bytes.h"
#include "check.h"
#include "protocol/frame.h"
#include "transport/memory.h"

#include <array>
#include <cstddef>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace simws::fuzz {

// A frame that the script has been told is on its way. A broadcast that not all were sent is
// maybe's.
struct Admitted {
  protocol::FrameOpcode opcode;
  bool fin;
  bool maybe;
  std::string payload;
};

class WireClient {
 public:
  static constexpr std::string_view handshake =
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

  explicit WireClient(std::unique_ptr<transport::MemoryPeer> peer) : peer_(std::move(peer)) {}

  // To be sent.
  void compose(std::string_view bytes) { composed_ += bytes; }
  void compose_frame(protocol::FrameOpcode opcode, bool fin, std::string payload) {
    protocol::FrameHeader header;
    header.fin = fin;
    header.opcode = opcode;
    header.masked = true;
    header.masking_key = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}};
    header.payload_length = payload.size();
    std::array<std::byte, protocol::max_frame_header_size> bytes;
    const std::size_t size = protocol::encode_frame_header(header, bytes);
    protocol::apply_mask(as_mutable_bytes(payload), header.masking_key, 0);
    composed_.append(as_text(Bytes(bytes).first(size))).append(payload);
  }
  void send(std::size_t count) {
    const std::string part = composed_.substr(0, count);
    composed_.erase(0, part.size());
    if (!part.empty()) peer_->send(part);
  }

  void finish() {
    has_left_ = true;
    peer_->finish();
  }
  void reset() {
    has_left_ = true;
    peer_->reset();
  }
  void set_window(std::size_t bytes) { peer_->set_window(bytes); }

  void admit(Admitted admitted) { expected_.push_back(std::move(admitted)); }
  // Its script has asked for a Close of this code, behind all that was admitted.
  void expect_close(int code) {
    if (!our_close_) our_close_ = code;
  }

  void take() {
    received_ += peer_->take();
    if (!is_open_ && !find_upgrade()) return;
    Bytes rest = as_bytes(received_);
    while (take_frame(rest)) {
    }
    received_.erase(0, received_.size() - rest.size());
  }

  // All that was admitted has come, if the connection lives.
  void check_complete() const {
    if (!is_open_ || has_left_ || close_received_ || peer_->saw_reset() || peer_->saw_end()) return;
    check(received_.empty());
    for (const Admitted& admitted : expected_) check(admitted.maybe);
  }

  bool is_open() const { return is_open_; }
  bool has_left() const { return has_left_; }

 private:
  // HTTP answers may come before.
  bool find_upgrade() {
    const std::size_t at = received_.find("HTTP/1.1 101 ");
    if (at == std::string::npos) return false;
    const std::size_t end = received_.find("\r\n\r\n", at);
    if (end == std::string::npos) return false;
    received_.erase(0, end + 4);
    return is_open_ = true;
  }

  bool take_frame(Bytes& rest) {
    Bytes ahead = rest;
    protocol::FrameHeader header;
    protocol::Failure failure;
    const auto status = protocol::decode_frame_header(ahead, header, failure);
    check(status != protocol::DecodeStatus::fail);
    if (status == protocol::DecodeStatus::need_more || header.payload_length > ahead.size()) {
      return false;
    }
    check(!close_received_ && !header.masked && !header.rsv1 && !header.rsv2 && !header.rsv3);
    const auto size = static_cast<std::size_t>(header.payload_length);
    check_frame(header, as_text(ahead.first(size)));
    rest = ahead.subspan(size);
    return true;
  }

  void check_frame(const protocol::FrameHeader& header, std::string_view payload) {
    using protocol::FrameOpcode;
    if (!protocol::is_control(header.opcode)) return check_next(header, payload);
    check(header.fin && payload.size() <= protocol::max_control_payload);
    if (header.opcode == FrameOpcode::close) return check_close(payload);
    check(header.opcode == FrameOpcode::ping || header.opcode == FrameOpcode::pong);
  }

  void check_next(const protocol::FrameHeader& header, std::string_view payload) {
    const auto is_this = [&](const Admitted& admitted) {
      return admitted.opcode == header.opcode && admitted.fin == header.fin &&
             admitted.payload == payload;
    };
    while (!expected_.empty() && expected_.front().maybe && !is_this(expected_.front())) {
      expected_.pop_front();
    }
    check(!expected_.empty() && is_this(expected_.front()));
    expected_.pop_front();
  }

  void check_close(std::string_view payload) {
    close_received_ = true;
    if (payload.size() < 2) return;
    const int code =
        static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    if (!our_close_ || code != *our_close_) return;
    for (const Admitted& admitted : expected_) check(admitted.maybe);
  }

  std::unique_ptr<transport::MemoryPeer> peer_;
  std::string composed_;
  std::string received_;
  std::deque<Admitted> expected_;
  std::optional<int> our_close_;
  bool is_open_ = false;
  bool close_received_ = false;
  bool has_left_ = false;
};

}  // namespace simws::fuzz
