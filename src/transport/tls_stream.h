// TLS over any other stream.
//
//   idle ─▶ hello ─(─▶ queued ─)─▶ handshake ─▶ open ─▶ over
//     │       └─▶ answering (plain HTTP) ───────────────▶ ▲
//     └── a client ──────────────▶ handshake ─────────────┘
//
// idle: nothing has been asked of it. hello: a server waits for all of the client's first message;
// queued: that has come, and others' handshakes are before it; answering: it was plain HTTP. open:
// what is written and read are the bytes inside. over: closed or lost.
//
// Hands are shaken as soon as something is read or written, even if reading is stopped again. Until
// that's done `write` takes nothing; what goes wrong is told as a loss. An end without close_notify
// is a loss too: anybody on the way could have caused it (RFC 8446, 6.1).
#pragma once

#include "base/buffer.h"
#include "transport/stream.h"
#include "transport/tls_desk.h"
#include "transport/tls_engine.h"
#include "transport/tls_hello.h"
#include "transport/tls_options.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace simws::transport {

class Pieces;

// What a server's stream has until it knows that its peer speaks TLS.
struct TlsOpening {
  TlsHello hello;
  std::function<std::unique_ptr<TlsEngine>()> make_engine;  // null: out of memory
  std::shared_ptr<const PlainHttpAnswer> answer;
};

class TlsStream final : public Stream, private StreamHandler {
 public:
  // How much a peer may send until hands are shaken.
  static constexpr std::size_t max_handshake_size = 64 * 1024;

  TlsStream(std::shared_ptr<TlsDesk> desk, std::unique_ptr<Stream> lower, TlsOpening opening);
  TlsStream(std::shared_ptr<TlsDesk> desk, std::unique_ptr<Stream> lower,
            std::unique_ptr<TlsEngine> client);
  ~TlsStream() override;

  void set_handler(StreamHandler* handler) override { handler_ = handler; }
  void start_reading() override;
  void stop_reading() override;
  std::size_t write(std::span<const Bytes> pieces) override;
  Outgoing begin_write(Bytes bytes) override;
  std::size_t end_write(Bytes bytes, const Transfer& transfer) override;
  std::size_t pending_bytes() const override { return output_.size(); }
  std::optional<std::uint64_t> acknowledged_bytes() const override;
  void limit_unsent(std::size_t bytes) override { lower_->limit_unsent(bytes); }
  std::size_t readable_bytes() const override;
  void finish_writing() override;
  void close() override;
  void reset() override;
  Address remote_address() const override { return lower_->remote_address(); }
  std::optional<TlsInfo> tls() const override;
  TlsStart tls_start() const override { return start_; }
  bool was_certificate_refused() const override {
    return engine_ && engine_->was_certificate_refused();
  }

 private:
  friend class TlsDesk;
  enum class State : std::uint8_t { idle, hello, queued, answering, handshake, open, over };
  using Outcome = TlsEngine::Outcome;

  // StreamHandler: the stream below.
  void on_data(MutableBytes data) override;
  void on_end(bool lost, std::string reason) override;
  void on_writable() override;

  // TlsDesk
  TlsDesk::Place& place() { return place_; }
  void catch_up();

  template <typename Work>
  void guard(Work&& work);
  void begin();
  void read_kept();
  void receive(Bytes input);
  void receive_hello(Bytes input);
  void answer_plain_http(bool is_all);
  void queue_handshake();
  void start_queued_handshake();
  void start_handshake();
  void shake_hands(Bytes& input);
  void open();
  void read(Bytes& input);
  std::size_t decrypt(Bytes& input);
  void tell_ending();
  bool has_unread() const;

  bool takes_writes() const;
  Bytes take_record(Pieces& rest);
  std::size_t encrypt(Pieces& rest);
  std::size_t write_on(Pieces rest);
  void flush();
  void note_sent(std::size_t sent);

  void lose(std::string reason);
  void lose_later(std::string reason);
  void tell_loss(std::string reason);
  void leave();

  std::shared_ptr<TlsDesk> desk_;
  std::unique_ptr<Stream> lower_;
  StreamHandler* handler_ = nullptr;
  std::unique_ptr<TlsOpening> opening_;
  std::unique_ptr<TlsEngine> engine_;
  TlsDesk::Place place_{*this};
  Buffer output_;                           // encrypted, and not taken
  Buffer unread_;                           // what came, and nobody wanted to read
  std::string loss_;                        // found by a write, and not told
  std::size_t begun_ = 0;                   // of the write whose first half is done
  std::size_t received_ = 0;                // until hands are shaken
  std::uint64_t plain_bytes_ = 0;           // taken so far
  std::uint64_t sent_bytes_ = 0;            // by the stream below
  std::uint64_t before_ = 0;                // acknowledged when TLS began
  mutable std::uint64_t acknowledged_ = 0;  // as told last
  State state_ = State::idle;
  TlsStart start_ = TlsStart::nothing;
  Outcome ending_ = Outcome::done;  // finished, failed: as found last
  bool is_reading_ : 1 = false;
  bool is_shaken_ : 1 = false;
  bool is_full_ : 1 = false;       // more may be inside than was decrypted
  bool is_blocked_ : 1 = false;    // the stream below takes nothing at the moment
  bool wants_room_ : 1 = false;    // a write took less than all, or not all of it has left
  bool is_finishing_ : 1 = false;  // nothing more will be written
  bool is_ended_ : 1 = false;      // the peer's end has been told
};

}  // namespace simws::transport
