// A connection as its application sees it, up to the last handler call: what those that a server
// has accepted and those that a client has made have in common.
//
//   unknown ──the first handler call──▶ known ──the release handler──▶ forgotten
//      └──────────── the server or client is stopped ───────────────────▲
#pragma once

#include "base/owning_list.h"
#include "endpoint/channel.h"
#include "endpoint/ending.h"
#include "endpoint/websocket_end.h"
#include "protocol/deflate_parameters.h"

#include <simws/compression.h>
#include <simws/connection.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace simws::endpoint {

// The handlers that a server's application and a client's have alike.
struct CommonHandlers {
  template <typename Handlers>
  explicit CommonHandlers(const Handlers& of)
      : open(of.open), fail(of.fail), close(of.close), message(of.message), release(of.release) {}

  const std::function<void(Connection&)>& open;
  const std::function<void(Connection&)>& fail;
  const std::function<void(Connection&)>& close;
  const std::function<void(Connection&, std::string_view data, Opcode opcode)>& message;
  const std::function<void(Connection&)>& release;
};

// Belongs to the loop's thread. When its channel has closed, its core destroys it at the end of the
// turn, when none of its functions is under way.
class WebSocketConnection : public Connection,
                            public ListLink,
                            protected ChannelOwner,
                            protected WebSocketHost {
 public:
  // connection.h of include/simws
  Result<bool> send(std::string_view data, Opcode opcode, SendOptions options) override;
  Result<bool> close(CloseCode code, std::string_view reason) override;
  Result<bool> close_now(CloseCode code, std::string_view reason) override;
  void hold_pending(std::size_t bytes) override;
  void release_pending(std::size_t bytes) override;
  ConnectionState state() const override;
  ConnectionInfo info() const override;
  std::size_t queued_bytes() const override { return outlet()->queued_bytes(); }
  std::optional<Seconds> round_trip_time() const override;
  void deliver(protocol::OutgoingMessage& message) noexcept override;
  void overflow(protocol::Verdict verdict) noexcept override;
  Buffer* message_memory() noexcept override;

  // Null: it has none, or none yet.
  virtual Channel* channel() const = 0;
  std::shared_ptr<const ConnectionTls> tls() const;  // as in its info

 protected:
  enum class View : std::uint8_t { unknown, known, forgotten };

  // What its server or client has for it. note_open: it's about to be told. after_open: the open
  // handler has returned. note_end: it has ended for the application, which isn't told yet. retire:
  // the channel has closed, it's to be destroyed.
  virtual ChannelGroup& group() const = 0;
  virtual CommonHandlers handlers() const = 0;
  // before_open: it's about to speak WebSocket, by this.
  virtual void before_open(WebSocketEnd&) {}
  virtual void note_open() noexcept = 0;
  virtual void after_open() {}
  virtual void note_end() noexcept = 0;
  virtual void retire() noexcept = 0;

  // What was agreed on, and what this side has for it.
  struct Terms {
    protocol::Role role = protocol::Role::server;
    std::size_t max_message_size = 0;
    protocol::MaskingKeySource* masking_keys = nullptr;  // a client's
    std::optional<protocol::DeflateParameters> deflate;  // none: nothing is compressed
    const std::optional<Compression>* compression = nullptr;
  };

  // From here on it speaks WebSocket; `rest` are the peer's first bytes.
  void open(const Terms& terms, MutableBytes rest);
  // It will never do so.
  void fail(std::string_view reason);
  // Ends the application's view of it, with a close event (`tell`), and starts the closing
  // handshake. REQUIRES: it speaks WebSocket.
  void leave(CloseCode code, bool tell);
  void release() noexcept;

  // ChannelOwner
  void on_channel_closed() noexcept override;
  // WebSocketHost
  void on_message(std::string_view data, Opcode opcode) override;
  void on_closed(EndingPtr ending) override;

  // What runs out of memory ends the connection.
  template <typename Work>
  Result<bool> attempt(Work&& work) noexcept;
  WebSocketEnd& websocket() const { return static_cast<WebSocketEnd&>(*speaker_); }

  std::unique_ptr<Speaker> speaker_;
  EndingPtr ending_;  // of use once it's told
  View view_ = View::unknown;
  bool is_websocket_ = false;  // what its speaker speaks
  bool told_closed_ = false;   // for the application it's closed, whatever is still to leave
  bool is_closed_by_application_ = false;

 private:
  using Closing = Result<bool> (WebSocketEnd::*)(CloseCode, std::string_view);
  Result<bool> close_by(Closing closing, CloseCode code, std::string_view reason) noexcept;
  void end(EndingPtr ending) noexcept;
};

template <typename Work>
Result<bool> WebSocketConnection::attempt(Work&& work) noexcept {
  try {
    return work();
  } catch (...) {
    if (Channel* const wire = channel()) wire->give_up();
    return false;
  }
}

}  // namespace simws::endpoint
