// One client of a server as its application sees it: from its first request to the last handler
// call. What goes over its channel is spoken by HttpServing, then by a WebSocketEnd.
#pragma once

#include "endpoint/http_serving.h"
#include "endpoint/websocket_connection.h"
#include "protocol/opening_handshake.h"

#include <simws/topics.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace simws::endpoint {

class ConnectionTopics;
class ServerCore;

class AcceptedConnection final : public WebSocketConnection, private HttpHost {
 public:
  // Who isn't admitted gets 503, whatever is asked.
  AcceptedConnection(ServerCore& core, std::unique_ptr<transport::Stream> stream,
                     Admission admission);

  // connection.h of include/simws
  Result<bool> send(std::string_view data, Opcode opcode, SendOptions options) override;
  void deliver(protocol::OutgoingMessage& message) noexcept override;
  Result<bool> respond(HttpResponse response) override;
  Result<bool> respond(HttpResponse response, protocol::Charge charge) override;
  void respond_by_default(HttpResponse response) noexcept override;
  void refuse_answer(std::size_t bytes) noexcept override;
  Result<bool> admit(HeaderList headers) override;
  ConnectionInfo info() const override;
  const std::shared_ptr<protocol::Outlet>& outlet() const override {
    return channel_.shared_outlet();
  }

  // False: not open, or in a fragmented message.
  bool send_shared(const protocol::SharedMessagePtr& message, bool may_compress) noexcept;
  // As Server's. REQUIRES: the name and options are valid.
  bool subscribe(std::string_view topic, const SubscriptionOptions& options) noexcept;
  bool unsubscribe(std::string_view topic) noexcept;
  // Whether what is published may be old has changed; who speaks simws.topics.1 hears it.
  void tell_staleness() noexcept;
  // A whole message that isn't the application's. False: not open. Error: it can't be sent, or not
  // now.
  Result<bool> send_aside(std::string_view data, Opcode opcode) noexcept;
  // It holds most of what waits: what has not begun to leave is dropped, and it's closed; where
  // `bytes` more still have no room, what has begun is dropped too. No handler is called in it.
  void yield_room(std::size_t bytes) noexcept;

  // The server stops: ends the application's view of this connection, with a close event when it
  // was open (`tell`), and lets it end by itself.
  void stop(bool tell);

  // By simws.topics.1: a message for the application, and one of a publication.
  void on_sent(std::string_view data, Opcode opcode);
  void on_published(std::string_view topic, std::string_view data, Opcode opcode);

  Channel* channel() const override { return &channel_; }
  const RequestHead& head() const { return head_; }  // the latest
  std::string_view subprotocol() const;              // empty: none
  // It's a page of the inspector's, of which the application never hears.
  bool inspects() const { return channel_.inspects(); }
  bool is_refused() const { return is_refused_; }
  // It counts for its client's address.
  bool is_counted() const { return is_counted_; }
  void set_counted(bool is_counted) { is_counted_ = is_counted; }
  // A trusted proxy has said who that is.
  bool is_known_client() const { return is_known_client_; }
  void set_known_client() { is_known_client_ = true; }

 private:
  // WebSocketConnection
  ChannelGroup& group() const override;
  CommonHandlers handlers() const override;
  void before_open(WebSocketEnd& end) override;
  void note_open() noexcept override;
  void note_end() noexcept override;
  void retire() noexcept override;
  // HttpHost
  void on_head(const RequestHead& head) override;
  Admission on_client(const transport::Address& client, bool is_attempt) override;
  bool decides_attempts() const override;
  void on_attempt(const HttpRequest& request) override;
  void on_request(const HttpRequest& request) override;
  void on_upgrade(protocol::Accepted accepted, MutableBytes rest) override;
  void on_failed(std::string_view reason) override { fail(reason); }
  // WebSocketHost
  void on_message(std::string_view data, Opcode opcode) override;
  bool make_room(std::size_t bytes) override;

  template <typename... Charge>
  Result<bool> answer(HttpResponse response, Charge... charge);
  HttpServing* http() const;
  ConnectionTopics& make_topics(WebSocketEnd& end, bool has_envelopes);

  ServerCore& core_;
  mutable Channel channel_;
  RequestHead head_;               // the latest
  std::uint32_t subprotocol_ = 0;  // the place among the server's, from 1; 0: none
  bool is_refused_;
  bool is_counted_ = false;
  bool is_known_client_ = false;
};

}  // namespace simws::endpoint
