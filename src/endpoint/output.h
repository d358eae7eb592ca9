// What is to be sent on one connection and not yet taken by its stream.
//
// Three lanes: control frames go at the next boundary between frames; what `send` sends follows in
// order; sources are asked for more once little waits. Behind what `send` has sent lies what waits
// to be compressed.
#pragma once

#include "base/buffer.h"
#include "base/bytes.h"
#include "endpoint/waiting_messages.h"
#include "endpoint/waits.h"
#include "protocol/frame.h"
#include "protocol/outlet.h"
#include "protocol/session.h"
#include "protocol/shared_message.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simws::endpoint {

class Output;

// Something that has more to send than may wait at a time.
class OutputSource {
 public:
  // Appends some of it to `output`. False: that was the last.
  virtual bool produce(Output& output) = 0;

 protected:
  ~OutputSource() = default;
};

class Output {
 public:
  Output() = default;
  ~Output() { clear(0); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  // Below it sources are asked; frames share a piece up to this size.
  static constexpr std::size_t low_mark = 64u << 10;

  // What waits counts here, until it has gone or is dropped. REQUIRES: it's empty.
  void count_in(protocol::OutputGauges& gauges) { gauges_ = &gauges; }

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }  // in bytes

  // Of what is appended, messages that are large leave in fragments (see Fragments).
  //
  // As the session frames it: a client's is masked. `header` needs no length. A turn's small frames
  // share a piece, and leave together.
  void append_encoded(const protocol::Session& session, const protocol::FrameHeader& header,
                      Bytes payload);
  // One that lies behind the one before in memory is a part of the same piece.
  void append_shared(const protocol::SharedMessage& message);
  // Its charge ends here. A small one is copied, and `message` keeps its memory.
  void append_message(protocol::OutgoingMessage& message);
  // Messages that are appended, and whose payloads are their caller's as long as this lives: what
  // of them has gone by then needn't be copied. The output isn't cleared meanwhile.
  class Borrowed {
   public:
    // There will be `most` bytes of payload in all. Throws std::bad_alloc; then `append` is all
    // that may.
    Borrowed(Output& output, std::size_t most);
    ~Borrowed();
    // REQUIRES: has_room_for(payload.size()).
    void append(const protocol::FrameHeader& header, Bytes payload);
    bool has_room_for(std::size_t payload) const { return payload <= room_; }
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;

   private:
    Output& output_;
    const std::shared_ptr<protocol::SharedFrames> kept_;  // has room for all of them
    std::size_t room_;                                    // that isn't used yet
  };
  // Bytes that are no frames: an HTTP answer. Never dropped in part.
  void append_raw(std::string bytes);
  void append_raw(Buffer bytes);
  // One control frame, ahead of what waits, but for what shares a piece with the frame under way
  // and earlier control frames.
  void append_control(std::string_view frame);

  // A message that can't leave yet. Its charge ends here. All that is sent behind it must wait too.
  void append_waiting(protocol::OutgoingMessage& message, bool is_compressed);
  bool has_waiting() const { return waiting_ != nullptr; }
  // REQUIRES: has_waiting().
  WaitingMessages& waiting() { return *waiting_; }
  // Takes the first one, which is then appended as it leaves; `end_waiting` follows when the last
  // one is. REQUIRES: has_waiting().
  WaitingMessage take_waiting();
  void end_waiting();

  // It's asked from now on, until it has no more, or until `drop_unbegun` or `clear`.
  void add_source(OutputSource& source) { sources_.push_back(&source); }
  void ask_sources();
  bool has_sources() const { return !sources_.empty(); }

  // Fills `pieces` from the front; returns how many it filled.
  std::size_t gather(std::span<Bytes> pieces) const;
  // The first `count` bytes have gone.
  void consume(std::size_t count);

  // How many bytes have gone since it was cleared, and since when others wait, which only who
  // writes them knows.
  std::uint64_t gone() const { return gone_; }
  Waits& waits() { return waits_; }

  // Drops all frames of which nothing has gone, and the sources. Returns how many messages are lost
  // by it.
  std::size_t drop_unbegun();

  // Forgets everything and keeps at most `capacity` bytes of memory for the next use.
  void clear(std::size_t capacity);

 private:
  // From a boundary between frames to another.
  enum class Kind : std::uint8_t { frames, control, raw };
  struct Piece {
    Buffer own;
    std::unique_ptr<std::string> raw;  // of that kind; null: they're its own
    protocol::SharedFramesPtr shared;  // hold `shared_bytes`; null: its own
    Bytes shared_bytes;
    // Where these are a part of a message's payload: of the one frame that they are.
    std::array<std::byte, protocol::max_frame_header_size> header;
    std::uint8_t header_size = 0;
    Kind kind = Kind::frames;

    // Of its own small frames; more of them may be appended.
    bool has_room() const { return kind != Kind::raw && !shared && own.size() <= low_mark; }
    bool is_fragment() const { return header_size > 0; }
    Bytes header_bytes() const { return Bytes(header).first(header_size); }
    // Behind the header.
    Bytes bytes() const {
      if (raw) return as_bytes(*raw);
      return shared ? shared_bytes : own.bytes();
    }
    std::size_t size() const { return header_size + bytes().size(); }
  };

  // For one frame of at most `most` bytes, which is appended to the buffer; `end_frame` must
  // follow. It has room for it: appending doesn't fail.
  Buffer& begin_frame(std::size_t most);
  void end_frame();
  void append_frame(const protocol::Session& session, const protocol::FrameHeader& header,
                    Bytes payload);
  void append_copy(Bytes frame);
  void append_fragments(const protocol::SharedFramesPtr& frames, Bytes frame);
  void append_fragments(const protocol::SharedFramesPtr& frames,
                        const protocol::FrameHeader& header, Bytes payload);
  static std::size_t count_messages(const Piece& piece);
  void append_large(protocol::Message message);
  Piece& append_piece(Buffer own);
  void reserve_pieces(std::size_t more);
  std::size_t drop_waiting();
  void count(std::size_t waiting, std::size_t memory);
  void discount(std::size_t waiting, std::size_t memory);
  void discount_rest(const Piece& piece, std::size_t gone);
  Piece* last_piece() { return pieces_.size() > head_ ? &pieces_.back() : nullptr; }
  void own(Piece& piece);
  std::size_t cut_after_frame_under_way(Piece& piece);
  void forget_all(std::size_t capacity);

  protocol::OutputGauges* gauges_ = nullptr;
  std::vector<Piece> pieces_;  // those before head_ have gone
  std::vector<OutputSource*> sources_;
  std::unique_ptr<WaitingMessages> waiting_;  // null: none wait
  Buffer spare_;                              // memory for the next piece of small frames
  std::size_t head_ = 0;
  std::size_t offset_ = 0;  // bytes of the head piece that have gone
  std::size_t size_ = 0;
  std::uint64_t gone_ = 0;
  Waits waits_;
  std::size_t frame_begin_ = 0;  // in the last piece, from begin_frame to end_frame
};

}  // namespace simws::endpoint
