// One attempt of a client, and the connection that it becomes.
//
//   dialing ──▶ opening ──101──▶ open ──▶ ended
//      ▲  │      ▲ │ │ │                    ▲
//      │  │      │ │ │ └── fails ───────────┤
//      │  └──────┼─┼─┼──── fails, time is up┘
//      │         └─┘ │ a proxy's tunnel is there, in which TLS begins
//      └─ redirect ──┘
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

  ClientCore& core() const { return core_; }
  // Nothing is told in it.
  void start();
  // It isn't open yet, and won't be.
  void time_out();
  // The client stops: ends the application's view of it, with a close event when it was open
  // (`tell`), and lets it end by itself.
  void stop(bool tell);

  // connection.h of include/simws
  Result<bool> respond(HttpResponse) override { return false; }
  Result<bool> respond(HttpResponse, protocol::Charge) override { return false; }
  void respond_by_default(HttpResponse) noexcept override {}
  void refuse_answer(std::size_t) noexcept override {}
  Result<bool> admit(HeaderList) override { return false; }
  ConnectionInfo info() const override;
  const std::shared_ptr<protocol::Outlet>& outlet() const override;

  Channel* channel() const override { return channel_.get(); }

 private:
  // What is of no use once it's open.
  struct Attempt {
    std::shared_ptr<protocol::Outlet> outlet;  // while it has reached nobody: nothing can be sent
    protocol::Uri uri;
    protocol::ClientRequest request;
    std::size_t redirects_left = 0;
    std::unique_ptr<Dialing> dialing;
    // Through a proxy. TLS begins in it in another turn: its functions may be under way.
    std::unique_ptr<transport::Stream> tunnel;
    std::unique_ptr<transport::Timer> tunnel_timer;
    // A redirect or tunnel has led away from it; its functions may be under way until the next
    // turn.
    std::unique_ptr<Speaker> left_speaker;
    std::unique_ptr<Channel> left_channel;
    // When it has failed.
    bool is_retried = true;
    std::optional<std::chrono::seconds> retry_after;
  };

  // WebSocketConnection
  ChannelGroup& group() const override;
  CommonHandlers handlers() const override;
  void note_open() noexcept override;
  void after_open() override;
  void note_end() noexcept override;
  void retire() noexcept override;
  // ChannelOwner
  void on_channel_closed() noexcept override;
  // ClientOpeningHost
  void on_tunnel() override;
  void on_opened(protocol::Opened opened, MutableBytes rest) override;
  void on_redirected(protocol::Redirected redirected) override;
  void on_failed(const protocol::AttemptFailure& failure) override;
  // WebSocketHost
  bool make_room(std::size_t) override { return false; }

  void dial();
  void on_dialed(Result<std::unique_ptr<transport::Stream>> stream,
                 const std::optional<protocol::Proxy>& proxy);
  void begin_tls(std::unique_ptr<transport::Stream> stream);
  void speak(std::unique_ptr<transport::Stream> stream, ClientOpening::Plan plan);
  ClientOpening::Plan make_plan();
  std::string tunnel_request(const protocol::Proxy& proxy) const;
  void leave_channel() noexcept;
  void stop_reaching() noexcept;
  template <typename Work>
  void guard(Work&& work) noexcept;

  ClientCore& core_;
  std::unique_ptr<Attempt> attempt_;  // until it's open, or to the end
  std::unique_ptr<Channel> channel_;  // each redirect leads to another
  RequestHead answer_;                // the server's fields
  Time opened_{};
};

}  // namespace simws::endpoint
