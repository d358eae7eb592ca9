#include "protocol/session.h"

#include "protocol/close_payload.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace simws::protocol {
namespace {

bool is_reserved(FrameOpcode opcode) {
  return (static_cast<std::uint8_t>(opcode) & 7) > 2;
}

constexpr Failure message_too_big{CloseCode::message_too_big, "message over maxMessageSize"};
constexpr Failure text_not_utf8{CloseCode::invalid_payload, "text that isn't UTF-8"};

}  // namespace

Session::Session(Role role, std::size_t max_message_size, std::unique_ptr<Extension> extension,
                 MaskingKeySource* keys)
    : extension_(std::move(extension)),
      keys_(keys),
      max_message_size_(max_message_size),
      role_(role) {}

void Session::encode(Buffer& out, FrameHeader header, Bytes payload) const {
  header.payload_length = payload.size();
  header.masked = role_ == Role::client;
  if (header.masked) header.masking_key = keys_->next_key();
  std::array<std::byte, max_frame_header_size> bytes;
  out.append(Bytes(bytes).first(encode_frame_header(header, bytes)));
  out.append(payload);
  if (header.masked) apply_mask(out.bytes().last(payload.size()), header.masking_key, 0);
}

void Session::receive(MutableBytes input, SessionHandler& handler) {
  while (!input.empty() && !stopped()) {
    if (!in_frame_ && !take_header(input, handler)) return;
    take_payload(input, handler);
  }
}

void Session::discard_messages() {
  if (mode_ != Mode::receiving) return;
  mode_ = Mode::discarding_messages;
  if (extension_) extension_->stop_decoding();
  if (!is_telling_) assembly_.erase_front(assembly_size());
}

void Session::stop() {
  mode_ = Mode::stopped;
  message_opcode_ = FrameOpcode::continuation;
  in_frame_ = false;
  release_assembly();
  if (extension_) extension_->stop_decoding();
}

void Session::release_assembly() {
  if (!is_telling_) assembly_.release();
}

std::size_t Session::assembly_size() const {
  if (is_telling_) return 0;
  const bool in_control = in_frame_ && is_control(frame_.opcode);
  const std::uint64_t control_size = in_control ? frame_.payload_length - remaining_ : 0;
  return assembly_.size() - static_cast<std::size_t>(control_size);
}

std::optional<std::uint64_t> Session::missing_bytes() const {
  const bool in_last_frame = in_frame_ && frame_.fin && !is_control(frame_.opcode);
  if (!in_last_frame) return std::nullopt;
  return remaining_;
}

// False: `input` is used up, or the header was refused.
bool Session::take_header(MutableBytes& input, SessionHandler& handler) {
  Failure failure;
  const DecodeStatus status = decode_header(input, failure);
  if (status == DecodeStatus::need_more) return false;
  if (status == DecodeStatus::done) {
    const std::string_view violation = find_violation();
    if (violation.empty() && !over_limit()) {
      begin_frame();
      return true;
    }
    failure = violation.empty() ? message_too_big : Failure{CloseCode::protocol_error, violation};
  }
  fail(failure, handler);
  return false;
}

DecodeStatus Session::decode_header(MutableBytes& input, Failure& failure) {
  if (header_size_ == 0) {
    Bytes rest = input;
    const DecodeStatus status = decode_frame_header(rest, frame_, failure);
    if (status == DecodeStatus::done) {
      input = input.last(rest.size());
      return status;
    }
    if (status == DecodeStatus::fail) return status;
  }
  const std::size_t added = std::min(input.size(), max_frame_header_size - header_size_);
  std::memcpy(header_buffer_.data() + header_size_, input.data(), added);
  const Bytes header = Bytes(header_buffer_).first(header_size_ + added);
  Bytes rest = header;
  const DecodeStatus status = decode_frame_header(rest, frame_, failure);
  if (status == DecodeStatus::done) {
    input = input.subspan(added - rest.size());
    header_size_ = 0;
  } else {
    header_size_ = static_cast<std::uint8_t>(header.size());
  }
  return status;
}

// RFC 6455, 5.1, 5.2, 5.4 and 5.5: what the header alone shows to be wrong. Empty: nothing.
std::string_view Session::find_violation() const {
  const bool control = is_control(frame_.opcode);
  const bool continuation = frame_.opcode == FrameOpcode::continuation;
  if (frame_.rsv2 || frame_.rsv3) return "RSV2 or RSV3 set without an extension that defines it";
  if (frame_.rsv1 && !extension_) return "RSV1 set without an extension that defines it";
  if (frame_.rsv1 && control) return "RSV1 set on a control frame";
  if (frame_.rsv1 && continuation) return "RSV1 set on a continuation frame";
  if (is_reserved(frame_.opcode)) return "reserved opcode";
  if (!frame_.masked && role_ == Role::server) return "frame of a client not masked";
  if (frame_.masked && role_ == Role::client) return "frame of a server masked";
  if (control) {
    if (!frame_.fin) return "fragmented control frame";
    if (frame_.payload_length > max_control_payload) return "control frame over 125 bytes";
  } else if (continuation != in_message()) {
    return continuation ? "continuation frame without a message to continue"
                        : "new message inside a fragmented message";
  }
  return {};
}

bool Session::over_limit() const {
  if (is_control(frame_.opcode) || mode_ != Mode::receiving) return false;
  // What the extension makes of the payload is checked as it comes out.
  if (frame_.rsv1 || (in_message() && encoded_)) return false;
  return frame_.payload_length > max_message_size_ - assembly_.size();
}

void Session::begin_frame() {
  in_frame_ = true;
  remaining_ = frame_.payload_length;
  if (is_control(frame_.opcode) || in_message()) return;
  message_opcode_ = frame_.opcode;
  validator_.reset();
  encoded_ = frame_.rsv1;
  if (encoded_ && mode_ == Mode::receiving) extension_->begin_decoding();
}

void Session::take_payload(MutableBytes& input, SessionHandler& handler) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
  const MutableBytes portion = input.first(size);
  input = input.subspan(size);
  const bool control = is_control(frame_.opcode);
  if (frame_.masked && (control || mode_ == Mode::receiving)) {
    apply_mask(portion, frame_.masking_key, frame_.payload_length - remaining_);
  }
  remaining_ -= size;
  in_frame_ = remaining_ != 0;
  if (control) {
    take_control(portion, handler);
  } else {
    take_data(portion, !in_frame_ && frame_.fin, handler);
  }
}

void Session::take_control(Bytes portion, SessionHandler& handler) {
  if (portion.size() == frame_.payload_length) return tell_control(portion, handler);
  assembly_.append(portion);
  if (in_frame_) return;

  std::array<std::byte, max_control_payload> payload;
  const auto size = static_cast<std::size_t>(frame_.payload_length);
  const std::size_t message_size = assembly_.size() - size;
  std::ranges::copy(assembly_.bytes().last(size), payload.begin());
  assembly_.truncate(message_size);
  if (message_size == 0) release_assembly();
  tell_control(Bytes(payload).first(size), handler);
}

void Session::tell_control(Bytes payload, SessionHandler& handler) {
  if (frame_.opcode == FrameOpcode::ping) return handler.on_ping(payload);
  if (frame_.opcode == FrameOpcode::pong) return handler.on_pong(payload);
  ClosePayload close;
  Failure failure;
  if (decode_close_payload(payload, close, failure) == DecodeStatus::fail) {
    return fail(failure, handler);
  }
  stop();
  handler.on_close(close.code, close.reason);
}

void Session::take_data(Bytes portion, bool last, SessionHandler& handler) {
  if (mode_ == Mode::discarding_messages) {
    if (last) message_opcode_ = FrameOpcode::continuation;
    return;
  }
  if (last && !encoded_ && assembly_.empty()) {
    const bool is_valid = message_opcode_ != FrameOpcode::text || is_utf8(portion);
    return is_valid ? tell_message(portion, handler) : fail(text_not_utf8, handler);
  }
  const std::size_t before = assembly_.size();
  Failure failure;
  const bool assembled = assemble(portion, last, failure);
  // What came out before the extension failed is judged first: it came first.
  const Bytes added = assembly_.bytes().subspan(before);
  if (!validate(added, last && assembled, handler)) return;
  if (!assembled) return fail(failure, handler);
  if (!last) return;
  tell_assembled(handler);
}

// Nothing touches its memory meanwhile, whatever the handler does, but for who takes it.
void Session::tell_assembled(SessionHandler& handler) {
  struct Telling {
    explicit Telling(Session& by) : session(by) { session.is_telling_ = true; }
    ~Telling() {
      session.is_telling_ = false;
      session.release_assembly();
    }
    Session& session;
  };
  const Telling telling(*this);
  tell_message(std::as_const(assembly_).bytes(), handler);
}

bool Session::assemble(Bytes portion, bool last, Failure& failure) {
  if (encoded_) {
    if (portion.empty() && !last) return true;
    return extension_->decode(portion, last, max_message_size_, assembly_, failure) !=
           DecodeStatus::fail;
  }
  make_room_for(portion.size());
  assembly_.append(portion);
  return true;
}

// No more memory is taken than what has come needs twice, nor than the frame under way will need;
// but all of that where it's kept anyway.
void Session::make_room_for(std::size_t portion) {
  const std::size_t needed = assembly_.size() + portion;
  if (needed <= assembly_.capacity()) return;
  const auto at_frame_end =
      static_cast<std::size_t>(std::min<std::uint64_t>(needed + remaining_, max_message_size_));
  const std::size_t grown = std::max(needed, assembly_.capacity() * 2);
  assembly_.reserve(is_memory_kept(at_frame_end) ? at_frame_end : std::min(at_frame_end, grown));
}

// RFC 6455, 8.1.
bool Session::validate(Bytes portion, bool last, SessionHandler& handler) {
  if (message_opcode_ != FrameOpcode::text) return true;
  if (validator_.consume(portion) && (!last || validator_.complete())) return true;
  fail(text_not_utf8, handler);
  return false;
}

void Session::tell_message(Bytes message, SessionHandler& handler) {
  const FrameOpcode opcode = std::exchange(message_opcode_, FrameOpcode::continuation);
  handler.on_message(static_cast<Opcode>(opcode), message);
}

void Session::fail(const Failure& failure, SessionHandler& handler) {
  stop();
  handler.on_failure(failure);
}

}  // namespace simws::protocol
