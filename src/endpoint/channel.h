// A stream and what goes over it, whatever is spoken there: its output, who may hold up reading,
// its deadline, its end. It knows no protocol.
//
//   open ──finish──▶ leaving ──all has left──▶ lingering ──the peer's end, or a deadline──▶ closed
//     └───────────────┴───────────────────────────┴──── close, reset, a loss ─────────────────▲
//
// leaving: what waits still goes out, what comes is read over. lingering: our side is finished;
// closing at once could reset the connection and lose our last bytes on the way.
#pragma once

#include "endpoint/channel_group.h"
#include "endpoint/deadlines.h"
#include "endpoint/output.h"
#include "endpoint/reading_gate.h"
#include "protocol/outlet.h"
#include "transport/loop.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::endpoint {

// What of a message or request is here whose end hasn't come.
struct Unfinished {
  static constexpr std::uint64_t unknown = std::numeric_limits<std::uint64_t>::max();

  bool in_message = false;
  std::size_t bytes = 0;
  std::uint64_t missing = unknown;  // of it, up to its end
};

// Who speaks a protocol on a channel. Called while it's open only; may end the channel in any of
// these, and may hand over to another speaker.
class Speaker {
 public:
  virtual ~Speaker() = default;

  virtual void on_data(MutableBytes data) = 0;
  // The peer has finished sending, or (`lost`) the connection is lost, for this reason; then the
  // channel closes when this returns.
  virtual void on_peer_end(bool lost, std::string_view reason) = 0;
  virtual void on_deadline(DeadlineKind kind) = 0;
  virtual Unfinished unfinished() const = 0;
  // What comes are large messages, as far as can be seen.
  virtual bool reads_large_messages() const { return false; }
  // Its unfinished message holds up others, and gains too little.
  virtual void give_up_message() = 0;
  // Reading stops, or goes on.
  virtual void on_reading(bool) {}
  // Before what was queued in this turn leaves.
  virtual void on_turn_end() {}
  // The stream has taken something of what waited.
  virtual void on_progress() {}
  // Nothing waits any more.
  virtual void on_all_taken() {}
};

// The object around a channel, which owns it.
class ChannelOwner {
 public:
  // It destroys the channel at the end of the turn, or later.
  virtual void on_channel_closed() noexcept = 0;

 protected:
  ~ChannelOwner() = default;
};

// Idle channels are many, so what only busy ones need lies behind a pointer. Belongs to the loop's
// thread. Whatever throws in it (memory ran out) ends this connection, and nothing else.
class Channel final : public ReadSource, private transport::StreamHandler, private Deadline {
 public:
  Channel(ChannelGroup& group, ChannelOwner& owner, std::unique_ptr<transport::Stream> stream);
  ~Channel() override;

  // The speaker outlives the channel, or the call of `set_speaker` that follows.
  void set_speaker(Speaker& speaker) { speaker_ = &speaker; }
  void start_reading();

  // What is appended to the output leaves at the end of the turn; `queued` says that something was.
  Output& output();
  // In which messages wait to be compressed; null: none do.
  Output* waiting_output() const {
    return output_ && output_->has_waiting() ? output_.get() : nullptr;
  }
  // Appends a large message to it, of which is copied only what the system doesn't take at once.
  // `header` is as of Fragments.
  void send_large(const protocol::FrameHeader& header, Bytes payload);
  // Appends a message of what has just been read on this channel, if it's that (see Lending), and
  // the peer keeps up. False: it's to be copied.
  bool send_read(const protocol::FrameHeader& header, Bytes payload) {
    return payload.size() >= Lending::smallest && send_lent(header, payload);
  }
  void queued() {
    if (!waits_for_flush_) group_.flusher().add(*this);
  }
  // What its figures, and the group's, have of messages.
  void count_received() {
    counters().messages_in.add(1);
    if (auto* const counter = outlet_->count()) counter->messages_in.add(1);
  }
  void count_sent() {
    counters().messages_out.add(1);
    if (auto* const counter = outlet_->count()) counter->messages_out.add(1);
  }
  void count_dropped(std::size_t messages);
  // The peer doesn't keep up: the stream took less than all.
  bool is_blocked() const { return blocked_; }
  std::size_t queued_bytes() const { return outlet_->queued_bytes(); }
  protocol::Outlet& outlet() const { return *outlet_; }
  const std::shared_ptr<protocol::Outlet>& shared_outlet() const { return outlet_; }
  // What follows is to be passed by what is more urgent: little of what is sent waits in the
  // system.
  void keep_unsent_short();
  // Drops the frames of which nothing has left.
  void drop_unbegun();

  // Why it isn't read. response: a request isn't answered yet. answers: too many of them aren't
  // read by the peer. waiting: what was read before waits to be handled, and what follows may not
  // overtake it. share, gate: see ReadingGate.
  enum class Hold : std::uint8_t { response = 1, answers = 2, waiting = 4, share = 8, gate = 16 };
  void set_hold(Hold reason, bool held);
  bool is_held() const { return holds_ != 0; }
  bool is_held_for(Hold reason) const { return (holds_ & static_cast<std::uint8_t>(reason)) != 0; }
  // Nothing of what comes is kept from now on, so it's read whoever holds what.
  void drop_holds();
  // To be called when what the speaker has of a message has changed outside of `on_data`.
  void note_unfinished();

  void set_deadline(DeadlineKind kind) { group_.deadlines().set(*this, kind); }
  void clear_deadline() { group_.deadlines().clear(*this); }
  DeadlineKind deadline() const { return deadline_kind(); }

  // A sign of life since `expect_life`: something came, or the peer's system has taken more than
  // the `own` bytes that were sent to ask for one.
  void expect_life(std::size_t own);
  bool shows_life() const;

  bool is_open() const { return state_ == State::open; }
  bool is_closed() const { return state_ == State::closed; }
  // The peer has finished sending.
  bool has_peer_ended() const { return peer_ended_; }

  // How long what is queued may take to leave: closeTimeout; or, of an answer, as long as the peer
  // reads something of it within keepAliveTimeout.
  enum class Leaving : std::uint8_t { in_time, at_leisure };
  void finish(Leaving leaving = Leaving::in_time);
  // The group ends: what isn't owed isn't waited for.
  void hurry();
  void close() noexcept;
  void reset() noexcept;
  // Takes the stream away, paused, for another channel; this one is closed, and tells nobody.
  std::unique_ptr<transport::Stream> take_stream() noexcept;
  // As when the connection is lost, at the end of the turn; never fails. give_up: memory has run
  // out. cut_off: what waits to be sent takes too much, and is dropped at once.
  void give_up() noexcept;
  void cut_off() noexcept;

  transport::Address address() const { return stream_->remote_address(); }
  // Who is at its other end: the peer, or the client for which it asks, as it has said. A port of 0
  // isn't known.
  transport::Address client() const { return client_ ? *client_ : address(); }
  std::string client_name() const;
  void set_client(const transport::Address& client) {
    client_ = std::make_unique<transport::Address>(client);
  }
  // As Stream's.
  std::optional<transport::TlsInfo> tls() const { return stream_->tls(); }
  transport::TlsStart tls_start() const { return stream_->tls_start(); }
  bool was_certificate_refused() const { return stream_->was_certificate_refused(); }
  transport::Loop& loop() const { return group_.loop(); }
  ChannelGroup& group() const { return group_; }

  // It's the inspector's, or no longer: what goes over it counts apart from the application's.
  void set_inspects(bool inspects) { inspects_ = inspects && group_.watch(); }
  bool inspects() const { return inspects_; }
  Counters& counters() const {
    return inspects_ ? group_.watch()->own_counters() : group_.counters();
  }
  // Null: there are none, or it isn't to count for them.
  ServerFigures* server_figures() const { return inspects_ ? nullptr : group_.server_figures(); }
  // For whoever watches the messages of the group.
  void note_message(bool is_in, Opcode opcode, Bytes payload, std::string_view topic = {},
                    std::string_view key = {}) const {
    MessageWatch* const watch = group_.watch();
    if (!watch || !watch->is_on() || inspects_) return;
    watch->pass({*this, is_in, opcode, payload, topic, key});
  }
  void log(LogLevel level, std::string_view text) const noexcept;
  // Of what a peer can cause as often as it likes.
  void log_of_peer(LogLevel level, std::string_view text) const noexcept;

 private:
  friend class Flusher;
  enum class State : std::uint8_t { open, leaving, lingering, closed };

  // transport::StreamHandler
  void on_data(MutableBytes data) override;
  std::size_t most_at_once() const override;
  void on_end(bool lost, std::string reason) override;
  void on_writable() override;
  // Deadline
  void on_deadline(DeadlineKind kind) override;
  // ReadSource
  void set_over_share(bool over) override { set_hold(Hold::share, over); }
  void set_behind_gate(bool behind) override { set_hold(Hold::gate, behind); }
  bool has_sent(std::size_t bytes) const override;
  void give_up_message() override;

  // The three steps of a flush, each for all channels that flush together: what has to happen
  // first, which may queue more; one write of all of them (empty: nothing waits, or more than one
  // piece), with what was taken told to `note_written`; and the rest.
  void begin_flush() noexcept;
  Bytes single_piece() const;
  void note_written(std::size_t offered, std::size_t taken);
  void note_waits();
  void end_flush() noexcept;

  bool has_much_to_send() const;
  bool send_lent(const protocol::FrameHeader& header, Bytes payload);
  bool write_pieces();
  void write_what_is_taken();
  void write_output();
  bool is_read_at_leisure() const;
  void check_left();
  void linger();
  template <typename Work>
  void guard(Work&& work) noexcept;
  void fail(std::string_view reason) noexcept;
  void lose(std::string_view reason) noexcept;
  bool tell_loss(std::string_view reason) noexcept;
  void drop_output() noexcept;
  // It's closed, but for the stream.
  void leave_stream() noexcept;

  // Small members first: they lie in what is left of the base before.
  State state_ = State::open;
  std::uint8_t holds_ = 0;
  bool waits_for_flush_ : 1 = false;
  bool blocked_ : 1 = false;
  bool heard_ : 1 = false;  // something came since a sign of life was asked for
  bool peer_ended_ : 1 = false;
  bool given_up_ : 1 = false;
  bool cut_off_ : 1 = false;
  bool reads_over_ : 1 = false;  // nothing of what comes is kept
  bool inspects_ : 1 = false;
  ChannelGroup& group_;
  ChannelOwner& owner_;
  Speaker* speaker_ = nullptr;
  std::unique_ptr<transport::Stream> stream_;
  std::shared_ptr<protocol::Outlet> outlet_;
  std::unique_ptr<Output> output_;  // while something waits
  Channel* next_to_flush_ = nullptr;
  std::uint64_t acknowledged_ = 0;  // when a sign of life was asked for, with the question
  std::unique_ptr<const transport::Address> client_;  // null: the peer itself
};

}  // namespace simws::endpoint
