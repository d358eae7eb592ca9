// One attempt of a client, and the connection that it becomes.
//
//   dialing ──▶ opening ──101──▶ open ──▶ ended
//      ▲  │        │ │                      ▲
//      │  │        │ └── fails ─────────────┤
//      │  └────────┼──── fails, time is up ─┘
//      └ redirect ─┘
#pragma once

#include "endpoint/client_opening.h"
#include "endpoint/dialing.h"
#include "endpoint/websocket_connection.h"
#include "protocol/client_handshake.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::endpoint {

class ClientCore;

class ClientConnection final : public WebSocketConnection, private ClientOpeningHost {
 public:
  explicit ClientConnection(ClientCore& core);

  // Nothing is told in it.
  void start();
  // It isn't open yet, and won't be.
  void time_out();
  // The client stops: ends the application's view of it, with a close event when it was open
  // (`tell`), and lets it end by itself.
  void stop(bool tell);

  // connection.h of include/simws
  Result<bool> close(CloseCode code, std::string_view reason) override;
  Result<bool> close_now(CloseCode code, std::string_view reason) override;
  Result<bool> respond(HttpResponse) override { return false; }
  Result<bool> respond(HttpResponse, protocol::Charge) override { return false; }
  void refuse_answer(std::size_t) noexcept override {}
  ConnectionInfo info() const override;
  const std::shared_ptr<protocol::Outlet>& outlet() const override;

  Channel* channel() const override { return hop_ ? &hop_->channel : nullptr; }

  // One stream of an attempt: redirects lead to others.
  struct Hop final : ListLink, private ChannelOwner {
    Hop(ClientConnection& owner, std::unique_ptr<transport::Stream> stream);
    void on_channel_closed() noexcept override;

    ClientConnection* connection;      // null: it's left behind
    std::unique_ptr<Speaker> speaker;  // likewise
    Channel channel;
  };

 private:
  // What is of no use once it's open.
  struct Attempt {
    std::shared_ptr<protocol::Outlet> outlet;  // while it has reached nobody: nothing can be sent
    protocol::Uri uri;
    protocol::ClientRequest request;
    std::size_t redirects_left = 0;
    std::unique_ptr<Dialing> dialing;
    std::optional<std::chrono::seconds> retry_after;  // when it has failed
  };

  // WebSocketConnection
  ChannelGroup& group() const override;
  void tell_open() override;
  void tell_fail() noexcept override;
  void tell_close() noexcept override;
  void tell_message(std::string_view data, Opcode opcode) override;
  void tell_release() noexcept override;
  void note_open() noexcept override;
  void note_end() noexcept override;
  void retire() noexcept override;
  // ClientOpeningHost
  void on_opened(protocol::Opened opened, MutableBytes rest) override;
  void on_redirected(protocol::Redirected redirected) override;
  void on_failed(const protocol::AttemptFailure& failure) override;
  // WebSocketHost
  bool make_room(std::size_t) override { return false; }

  void dial();
  void on_dialed(Result<std::unique_ptr<transport::Stream>> stream,
                 const std::optional<protocol::Proxy>& proxy);
  ClientOpening::Plan make_plan(const std::optional<protocol::Proxy>& proxy);
  void leave_hop() noexcept;
  template <typename Work>
  void guard(Work&& work) noexcept;

  bool is_retried_ = true;  // what it has ended by is worth another attempt
  ClientCore& core_;
  std::unique_ptr<Attempt> attempt_;  // until it's open, or to the end
  std::unique_ptr<Hop> hop_;
  RequestHead answer_;  // the server's fields
  Time opened_{};
};

}  // namespace simws::endpoint
