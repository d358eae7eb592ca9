// A server's side of HTTP on one connection (RFC 9112): requests one after another, until one of
// them becomes a WebSocket.
//
//   idle ──a byte──▶ reading ──the whole request──▶ answering ──answered──▶ idle
//                       │ └── an upgrade: the host takes the channel over
//                       └── refused, or the peer's end ──▶ done (the channel leaves)
//
// Host, Origin and the handshake are judged as soon as the head is there.
#pragma once

#include "endpoint/channel.h"
#include "endpoint/http_services.h"
#include "protocol/http/request.h"
#include "protocol/opening_handshake.h"
#include "protocol/outlet.h"

#include <simws/http.h>
#include <simws/result.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace simws::endpoint {

struct HttpRules {
  protocol::http::RequestLimits limits;
  protocol::HandshakeRules handshake;
  HttpServices services;
  bool needs_tls = false;
};

// What serving HTTP tells, and leaves to, its server.
class HttpHost {
 public:
  // The latest head, before anything is done with it.
  virtual void on_head(const RequestHead& head) = 0;
  // To be answered by `respond`, now or later.
  virtual void on_request(const HttpRequest& request) = 0;
  // The answer is queued already. The channel is the host's; `rest` came behind the request. The
  // serving object may be destroyed.
  virtual void on_upgrade(protocol::Accepted accepted, MutableBytes rest) = 0;
  // An attempt at WebSocket, or no valid request, has failed.
  virtual void on_failed(std::string_view reason) = 0;

 protected:
  ~HttpHost() = default;
};

class HttpServing final : public Speaker {
 public:
  // `is_full`: the server has no room; whatever is asked gets 503.
  HttpServing(Channel& channel, HttpHost& host, const HttpRules& rules, bool is_full);

  // False: nothing is asked, or it has been answered. Error: an answer that can't be sent; the
  // client gets 500.
  Result<bool> respond(HttpResponse response);
  // As `respond`; the body has been admitted.
  Result<bool> respond(HttpResponse response, protocol::Charge charge);
  // There's no room for the answer, of so many bytes: the client gets 500.
  void refuse_answer(std::size_t bytes);
  // A request has been handed to the host and is not answered.
  bool is_answering() const { return state_ == State::answering; }

  // Speaker
  void on_data(MutableBytes data) override;
  void on_peer_end(bool lost, std::string_view reason) override;
  void on_deadline(DeadlineKind kind) override;
  Unfinished unfinished() const override;
  void give_up_message() override;
  void on_reading(bool reads) override;
  void on_turn_end() override;
  void on_progress() override;
  void on_all_taken() override;

 private:
  enum class State : std::uint8_t { idle, reading, answering, done };

  void receive(MutableBytes data);
  void receive_waiting();
  bool may_go_on() const;
  void begin_request();
  void ask_for_body();
  bool handle_head(MutableBytes rest);
  void handle_request();
  void upgrade(MutableBytes rest);
  void note_no_subprotocol();
  void refuse_malformed();
  void refuse(HttpResponse response, std::string_view reason, bool is_attempt);
  void end_refused(std::string_view how, std::string_view reason, bool is_attempt);
  Result<void> queue_response(HttpResponse response);
  void queue_failure(std::string_view text);
  void finish_response();

  Channel& channel_;
  HttpHost& host_;
  const HttpRules& rules_;
  protocol::http::RequestParser parser_;
  RequestHead head_;     // of the request under way
  std::string waiting_;  // came behind a request that isn't answered yet
  int minor_version_ = 1;
  State state_ = State::idle;
  const bool is_full_;
  bool keep_alive_ = true;
  bool told_continue_ = false;
};

}  // namespace simws::endpoint
