// One end of a WebSocket connection after its opening handshake: keep-alive, the closing handshake,
// and what the application sends (RFC 6455). The same for a server and a client.
//
//   open ──our Close──▶ closing ──the peer's Close, its end, a failure, a deadline──▶ ended
//     └──── the peer's Close, its end, a failure, a deadline ──────────────────────────▲
//
// closing: messages that still come are read over. ended: the host has been told, what is queued
// leaves.
#pragma once

#include "endpoint/agreed_compression.h"
#include "endpoint/channel.h"
#include "endpoint/end_topics.h"
#include "endpoint/ending.h"
#include "endpoint/lending.h"
#include "protocol/outlet.h"
#include "protocol/session.h"

#include <simws/close_code.h>
#include <simws/connection.h>
#include <simws/opcode.h>
#include <simws/result.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::endpoint {

// What a WebSocket end tells, and asks of its server or client. `on_closed` is the last.
class WebSocketHost {
 public:
  virtual void on_message(std::string_view data, Opcode opcode) = 0;
  virtual void on_closed(EndingPtr ending) = 0;
  // More would wait to be sent than may in all: others, or this one, are closed. False: there's no
  // room all the same.
  virtual bool make_room(std::size_t bytes) = 0;

 protected:
  ~WebSocketHost() = default;
};

class WebSocketEnd final : public Speaker, private protocol::SessionHandler {
 public:
  // The session's extension, if it has one, is an AgreedCompression.
  WebSocketEnd(Channel& channel, WebSocketHost& host, protocol::Session session);

  // connection.h of include/simws
  Result<bool> send(std::string_view data, Opcode opcode = Opcode::text, SendOptions options = {});
  Result<bool> close(CloseCode code, std::string_view reason);
  Result<bool> close_now(CloseCode code, std::string_view reason);

  // What has been admitted by the channel's outlet; a small message's memory stays in `outgoing`.
  void deliver(protocol::OutgoingMessage& outgoing);
  // False: not open, or in a fragmented message.
  bool send_shared(const protocol::SharedMessagePtr& message, bool may_compress = true);
  // More waits to be sent than may: closes with 1013. refuse: for that a message went no further,
  // which is dropped.
  void overflow(protocol::Verdict verdict);
  void refuse(protocol::Verdict verdict);
  // As `close`, whatever the state.
  void leave(CloseCode code);

  // What it has of topics from now on, if it has none yet.
  void set_topics(std::unique_ptr<EndTopics> topics) { topics_ = std::move(topics); }
  EndTopics* topics() const { return topics_.get(); }
  // Whole messages may be sent besides what `send` sends: it's in the middle of none.
  bool takes_publications() const { return is_open() && !is_in_message_; }
  // REQUIRES of these: takes_publications().
  void send_publication(const protocol::SharedMessagePtr& message, bool may_compress);
  void send_line(std::string_view line);
  // A ping that doesn't pass by what was sent before it.
  void send_ping_behind(Bytes payload);
  // More of a topic waits than its subscription allows.
  void overflow_topic(std::string_view name);
  // The peer broke a subprotocol: closes with 1002.
  void refuse_message(std::string_view reason);

  bool is_open() const { return state_ == State::open; }
  // Compression was agreed on.
  bool has_compression() const { return session_.extension() != nullptr; }
  // As Session's.
  Buffer* told_memory() { return has_envelopes() ? nullptr : session_.told_memory(); }

  // Speaker
  void on_data(MutableBytes data) override {
    session_.receive(data, *this);
    if (session_.in_message()) channel_.outlet().count();  // from its first bytes on
  }
  void on_peer_end(bool lost, std::string_view reason) override;
  void on_deadline(DeadlineKind kind) override;
  Unfinished unfinished() const override;
  bool reads_large_messages() const override {
    return session_.latest_payload_size() >= Lending::smallest;
  }
  void give_up_message() override;
  void on_reading(bool reads) override;
  void on_turn_end() override;
  void on_progress() override;
  void on_all_taken() override {
    if (topics_) topics_->on_all_taken();
  }

 private:
  enum class State : std::uint8_t { open, closing, ended };
  // Seldom anything.
  struct Due {
    std::optional<std::string> pong;  // to the latest ping, while the peer doesn't read
    EndingPtr ending;                 // by close_now: told at the end of the turn
  };

  // protocol::SessionHandler
  void on_message(Opcode opcode, Bytes message) override;
  void on_ping(Bytes payload) override;
  void on_pong(Bytes payload) override;
  void on_close(CloseCode code, std::string_view reason) override;
  void on_failure(const protocol::Failure& failure) override;

  void drop_for_leaving_peer();
  void close_as_too_slow(const std::string& limit);
  bool may_try_again(protocol::Verdict verdict, std::size_t bytes);
  void queue(protocol::FrameOpcode opcode, bool fin, Bytes payload, bool may_compress);
  void begin_or_go_on(bool fin);
  bool has_envelopes() const { return topics_ && topics_->has_envelopes(); }
  void envelop(protocol::OutgoingMessage& outgoing) const;
  void append(protocol::FrameOpcode opcode, bool fin, Bytes payload);
  std::size_t append_control(protocol::FrameOpcode opcode, Bytes payload);
  void queue_close(CloseCode code, std::string_view reason);
  void start_closing_handshake(CloseCode code, std::string_view reason);
  void fail_connection(CloseCode code, std::string_view reason);
  // In this way, unless it has been abandoned before.
  void end(CloseCode code, bool clean, std::string_view reason, std::string_view error);
  // Null: nothing that is sent is compressed.
  Deflating* deflating() {
    auto* const agreed = static_cast<AgreedCompression*>(session_.extension());
    return agreed ? agreed->deflating(channel_, session_) : nullptr;
  }
  bool is_behind() const;
  Due& due();
  void send_ping();
  void queue_due_pong();

  Channel& channel_;
  WebSocketHost& host_;
  protocol::Session session_;
  Time ping_sent_{};  // the latest one, not answered yet
  std::unique_ptr<Due> due_;
  CloseCode our_code_ = CloseCode::no_status_received;
  State state_ = State::open;
  bool close_sent_ = false;
  bool is_in_message_ = false;         // the first fragments of one have been sent
  std::unique_ptr<EndTopics> topics_;  // null: it has none
};

}  // namespace simws::endpoint
