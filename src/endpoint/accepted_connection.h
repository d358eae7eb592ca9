// One client of a server as its application sees it: from its first request to the last handler
// call. What goes over its channel is spoken by HttpServing, then by a WebSocketEnd.
//
//   unknown ──the first handler call──▶ known ──the release handler──▶ forgotten
//      └───────────────────── the server stops ──────────────────────────▲
#pragma once

#include "base/owning_list.h"
#include "endpoint/channel.h"
#include "endpoint/ending.h"
#include "endpoint/http_serving.h"
#include "endpoint/websocket_end.h"
#include "protocol/opening_handshake.h"

#include <simws/connection.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::endpoint {

class ServerCore;

// Belongs to the loop's thread. When its channel has closed, the core destroys it at the end of the
// turn, when none of its functions is under way.
class AcceptedConnection final : public Connection,
                                 public ListLink,
                                 private ChannelOwner,
                                 private HttpHost,
                                 private WebSocketHost {
 public:
  // `is_refused`: the server is full; whatever is asked gets 503.
  AcceptedConnection(ServerCore& core, std::unique_ptr<transport::Stream> stream, bool is_refused);

  // connection.h of include/simws
  Result<bool> send(std::string_view data, Opcode opcode, bool fin) override;
  Result<bool> close(CloseCode code, std::string_view reason) override;
  Result<bool> close_now(CloseCode code, std::string_view reason) override;
  Result<bool> respond(HttpResponse response) override;
  void hold_pending(std::size_t bytes) override;
  void release_pending(std::size_t bytes) override;
  ConnectionState state() const override;
  ConnectionInfo info() const override;
  std::size_t queued_bytes() const override { return channel_.queued_bytes(); }
  std::optional<Seconds> round_trip_time() const override;
  const std::shared_ptr<protocol::Outlet>& outlet() const override {
    return channel_.shared_outlet();
  }
  void deliver(protocol::OutgoingMessage& message) noexcept override;
  Result<bool> respond(HttpResponse response, protocol::Charge charge) override;
  void overflow(protocol::Verdict verdict) noexcept override;
  void refuse_answer(std::size_t bytes) noexcept override;
  Buffer* message_memory() noexcept override;

  // False: not open, or in a fragmented message.
  bool send_shared(const protocol::SharedMessagePtr& message) noexcept;
  // It holds most of what waits: what has not begun to leave is dropped, and it's closed; where
  // `bytes` more still have no room, what has begun is dropped too. No handler is called in it.
  void yield_room(std::size_t bytes) noexcept;

  // The server stops: ends the application's view of this connection, with a close event when it
  // was open (`tell`), and lets it end by itself.
  void stop(bool tell);

  Channel& channel() { return channel_; }
  bool is_refused() const { return is_refused_; }

 private:
  enum class View : std::uint8_t { unknown, known, forgotten };

  // ChannelOwner
  void on_channel_closed() noexcept override;
  // HttpHost
  void on_head(const RequestHead& head) override { head_ = head; }
  void on_request(const HttpRequest& request) override;
  void on_upgrade(protocol::Accepted accepted, MutableBytes rest) override;
  void on_failed(std::string_view reason) override;
  // WebSocketHost
  void on_message(std::string_view data, Opcode opcode) override;
  void on_closed(EndingPtr ending) override;
  bool make_room(std::size_t bytes) override;

  // What runs out of memory ends the connection.
  template <typename Work>
  Result<bool> attempt(Work&& work) noexcept;
  HttpServing* http() const;
  WebSocketEnd& websocket() const;  // REQUIRES: it speaks WebSocket
  void release() noexcept;

  ServerCore& core_;
  Channel channel_;
  std::unique_ptr<Speaker> speaker_;
  RequestHead head_;               // the latest
  EndingPtr ending_;               // of use once it's told
  std::uint32_t subprotocol_ = 0;  // the place among the server's, from 1; 0: none
  View view_ = View::unknown;
  bool is_websocket_ = false;  // what its speaker speaks; else HTTP
  bool is_refused_;
  bool told_closed_ = false;  // for the application it's closed, whatever is still to leave
};

}  // namespace simws::endpoint
