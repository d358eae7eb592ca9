// One WebSocket connection after its opening handshake, as arithmetic: bytes in, events out. What
// the peer may do when, and what it gets otherwise, is decided here (RFC 6455, 5-7); and how what
// we send is framed.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/utf8.h"
#include "protocol/extension.h"
#include "protocol/frame.h"

#include <simws/close_code.h>
#include <simws/opcode.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::protocol {

enum class Role : std::uint8_t { server, client };

// What a session tells. None of the views outlives the call. A handler may call the session's
// `discard_messages` and `stop`, but not `receive`, and may not destroy it.
class SessionHandler {
 public:
  virtual void on_message(Opcode opcode, Bytes message) = 0;
  virtual void on_ping(Bytes payload) = 0;
  virtual void on_pong(Bytes payload) = 0;
  // The peer's Close; the session takes nothing more.
  virtual void on_close(CloseCode code, std::string_view reason) = 0;
  // The peer broke the protocol or a limit; the session takes nothing more.
  virtual void on_failure(const Failure& failure) = 0;

 protected:
  ~SessionHandler() = default;
};

// Where a client's masking keys come from (RFC 6455, 5.3): they must be unpredictable.
class MaskingKeySource {
 public:
  virtual MaskingKey next_key() = 0;

 protected:
  ~MaskingKeySource() = default;
};

class Session {
 public:
  // `extension` may be null. `max_message_size` counts bytes after the extension. A client needs
  // `keys`, which outlive it.
  Session(Role role, std::size_t max_message_size, std::unique_ptr<Extension> extension = nullptr,
          MaskingKeySource* keys = nullptr);

  // Takes all of `input`, which is unmasked in place, and tells the handler what it holds. A
  // message that lies whole in `input` is handed on without a copy.
  void receive(MutableBytes input, SessionHandler& handler);

  // Appends one frame as this side sends it, with the length of its payload: a client's is masked.
  void encode(Buffer& out, FrameHeader header, Bytes payload) const;
  void encode(Buffer& out, FrameOpcode opcode, bool fin, Bytes payload) const {
    encode(out, {.fin = fin, .opcode = opcode}, payload);
  }
  // Frames leave as Message has them.
  bool sends_plain_frames() const { return role_ == Role::server; }

  // Our Close is on its way: messages are read over from now on, pings and Close are not.
  void discard_messages();
  // Nothing more is taken or told.
  void stop();
  bool stopped() const { return mode_ == Mode::stopped; }

  std::size_t max_message_size() const { return max_message_size_; }
  Extension* extension() const { return extension_.get(); }

  // While a message is told that lies whole in memory of its own: that, which may be taken.
  Buffer* told_memory() { return is_telling_ ? &assembly_ : nullptr; }

  // Of the latest frame whose header has come.
  std::uint64_t latest_payload_size() const { return frame_.payload_length; }

  // Bytes held for a message whose end hasn't come.
  std::size_t assembly_size() const;
  // How many bytes that message still lacks on the wire. Nothing: only its last frame tells.
  std::optional<std::uint64_t> missing_bytes() const;
  // A message has begun and not ended, be it still without payload.
  bool in_message() const { return message_opcode_ != FrameOpcode::continuation; }

 private:
  enum class Mode : std::uint8_t { receiving, discarding_messages, stopped };

  bool take_header(MutableBytes& input, SessionHandler& handler);
  DecodeStatus decode_header(MutableBytes& input, Failure& failure);
  std::string_view find_violation() const;
  bool over_limit() const;
  void begin_frame();

  void take_payload(MutableBytes& input, SessionHandler& handler);
  void take_control(Bytes portion, SessionHandler& handler);
  void tell_control(Bytes payload, SessionHandler& handler);
  void tell_close(Bytes payload, SessionHandler& handler);
  void take_data(Bytes portion, bool last, SessionHandler& handler);
  bool assemble(Bytes portion, bool last, Failure& failure);
  void make_room_for(std::size_t portion);
  bool validate(Bytes portion, bool last, SessionHandler& handler);
  void tell_message(Bytes message, SessionHandler& handler);

  void fail(const Failure& failure, SessionHandler& handler);
  void tell_assembled(SessionHandler& handler);
  void release_assembly();

  std::unique_ptr<Extension> extension_;
  MaskingKeySource* keys_;
  std::size_t max_message_size_;

  // The message under way, followed by what came of a control frame amid it.
  Buffer assembly_;

  FrameHeader frame_;            // the frame under way
  std::uint64_t remaining_ = 0;  // of its payload
  std::array<std::byte, max_frame_header_size> header_buffer_;
  std::uint8_t header_size_ = 0;  // of a header whose end hasn't come

  Role role_;
  Mode mode_ = Mode::receiving;
  bool in_frame_ = false;
  bool is_telling_ = false;  // the message in assembly_
  bool encoded_ = false;     // the message under way goes through the extension
  FrameOpcode message_opcode_ = FrameOpcode::continuation;  // of the message under way; or none is
  Utf8Validator validator_;
};

}  // namespace simws::protocol
