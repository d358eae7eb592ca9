// Speaks for a client on a channel until its opening handshake is done: asks a proxy for a tunnel,
// if there is one, then the server for a WebSocket (RFC 6455, 4.1), through the tunnel or, where
// TLS has to begin in that, on another channel.
#pragma once

#include "endpoint/channel.h"
#include "protocol/client_handshake.h"
#include "protocol/proxy.h"

#include <optional>
#include <string>
#include <string_view>

namespace simws::endpoint {

// What it comes to: one of these is called, once. The speaker may be destroyed in it.
class ClientOpeningHost {
 public:
  // The tunnel is there, and nothing else was to be asked.
  virtual void on_tunnel() = 0;
  // `rest`: the server's first frames.
  virtual void on_opened(protocol::Opened opened, MutableBytes rest) = 0;
  virtual void on_redirected(protocol::Redirected redirected) = 0;
  virtual void on_failed(const protocol::AttemptFailure& failure) = 0;

 protected:
  ~ClientOpeningHost() = default;
};

class ClientOpening final : public Speaker {
 public:
  // What is asked, and what the answer is judged by.
  struct Plan {
    std::string tunnel_request;  // empty: there's no proxy, or the tunnel is there
    std::string request;         // empty: the tunnel is all that is wanted
    protocol::ClientExpectation expectation;
    bool is_secure = false;  // the channel's stream begins with TLS
  };

  ClientOpening(Channel& channel, ClientOpeningHost& host, Plan plan);

  // Asks.
  void start();
  // Time is up: why it came to nothing, by what has come.
  std::optional<protocol::AttemptFailure> failure_so_far() const;

  // Speaker
  void on_data(MutableBytes data) override;
  void on_peer_end(bool lost, std::string_view reason) override;
  void on_deadline(DeadlineKind) override {}
  Unfinished unfinished() const override { return {}; }
  void give_up_message() override {}

 private:
  void ask(std::string request);
  bool takes_tunnel(Bytes& input);
  void on_tunnel(Bytes rest);
  bool shakes_hands() const;
  protocol::AttemptFailure failure_of_tls(std::string_view reason) const;

  Channel& channel_;
  ClientOpeningHost& host_;
  std::string request_;  // until it has been sent
  std::string tunnel_request_;
  std::optional<protocol::TunnelReader> tunnel_;  // until it's there
  protocol::HandshakeReader answer_;
  const bool is_secure_;
};

}  // namespace simws::endpoint
