#include "host/load/message_reader.h"

#include "host/load/batch.h"
#include "host/load/text.h"

namespace simws::load {
namespace {

using protocol::FrameOpcode;

}  // namespace

void MessageReader::append(std::string_view bytes) {
  if (unread_.empty()) {
    rest_ = bytes;
    return;
  }
  unread_ += bytes;
  rest_ = unread_;
}

bool MessageReader::next() {
  is_whole_ = false;
  if (raw_size_ > 0) {
    is_whole_ = next_raw();
  } else {
    while (!is_whole_ && end_.empty() && next_frame()) {
    }
  }
  if (!is_whole_) keep_rest();
  return is_whole_;
}

bool MessageReader::next_raw() {
  if (rest_.size() < raw_size_) return false;
  message_ = rest_.substr(0, raw_size_);
  rest_.remove_prefix(raw_size_);
  return true;
}

// False: it's not all here, or can't be.
bool MessageReader::next_frame() {
  Bytes bytes = as_bytes(rest_);
  protocol::FrameHeader header;
  protocol::Failure failure;
  const auto status = protocol::decode_frame_header(bytes, header, failure);
  if (status == protocol::DecodeStatus::fail) return fail(std::string(failure.reason));
  if (status == protocol::DecodeStatus::need_more) return false;
  if (header.masked) return fail("a masked frame");
  if (header.payload_length > longest - joined_.size())
    return fail("a message of more than 128 MiB");
  const auto size = static_cast<std::size_t>(header.payload_length);
  if (bytes.size() < size) return false;
  rest_ = as_text(bytes.subspan(size));
  take_frame(header, as_text(bytes.first(size)));
  return true;
}

void MessageReader::take_frame(const protocol::FrameHeader& header, std::string_view payload) {
  if (protocol::is_control(header.opcode)) return take_control(header.opcode, payload);
  const bool goes_on = header.opcode == FrameOpcode::continuation;
  if (goes_on != is_fragmented_) {
    fail(goes_on ? "a continuation of nothing" : "a message within another");
    return;
  }
  if (!goes_on) {
    opcode_ = static_cast<std::uint8_t>(header.opcode);
    is_compressed_ = header.rsv1;
    joined_.clear();
  }
  is_whole_ = header.fin;
  is_fragmented_ = !header.fin;
  if (is_whole_ && !goes_on) {
    message_ = payload;
  } else {
    joined_ += payload;
    message_ = joined_;
  }
}

void MessageReader::take_control(FrameOpcode opcode, std::string_view payload) {
  if (payload.size() > protocol::max_control_payload) {
    fail("a control frame of more than 125 bytes");
  } else if (opcode == FrameOpcode::ping) {
    append_pong(pongs_, payload, Sender::client);
  } else if (opcode == FrameOpcode::close) {
    is_closed_ = true;
    fail(close_words(payload));
  }
}

void MessageReader::keep_rest() {
  if (unread_.empty()) {
    unread_ = rest_;
  } else {
    unread_.erase(0, unread_.size() - rest_.size());
  }
  rest_ = {};
}

bool MessageReader::fail(std::string what) {
  end_ = std::move(what);
  return false;
}

}  // namespace simws::load
