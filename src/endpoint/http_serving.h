// A server's side of HTTP on one connection (RFC 9112): requests one after another, until one of
// them becomes a WebSocket.
//
//   idle ──a byte──▶ reading ──the whole request──▶ answering, later ──answered──▶ idle
//                       │ ├── an upgrade, maybe after deciding: the host takes the channel over
//                       └─┴── refused, or the peer's end ──▶ done (the channel leaves)
//
// answering: the host has the request; later: a service has it, and may send its body bit by bit.
// Host, Origin, tokens and the handshake are judged as soon as the head is there. deciding: the
// application is asked whether it admits the attempt.
#pragma once

#include "endpoint/bulk_desk.h"
#include "endpoint/channel.h"
#include "endpoint/http_later.h"
#include "endpoint/http_services.h"
#include "endpoint/output.h"
#include "protocol/forwarded.h"
#include "protocol/http/request.h"
#include "protocol/opening_handshake.h"
#include "protocol/outlet.h"

#include <simws/http.h>
#include <simws/result.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::endpoint {

struct HttpRules {
  protocol::http::RequestLimits limits;
  protocol::HandshakeRules handshake;
  HttpServices services;
  bool needs_tls = false;
  protocol::ProxyRules proxies = {};
  bool hides_tokens = false;  // from all but the services
  // For attempts of the inspector's pages.
  std::optional<protocol::HandshakeRules> inspector = {};
};

// Whether there's room for who asks.
enum class Admission : std::uint8_t {
  admitted,
  full,       // over maxConnections or maxConnectionsPerAddress
  too_often,  // over maxHandshakesPerSecond
};

// What serving HTTP tells, and leaves to, its server.
class HttpHost {
 public:
  // The latest head, before anything is done with it.
  virtual void on_head(const RequestHead& head) = 0;
  // A trusted proxy passes on what this client asks.
  virtual Admission on_client(const transport::Address& client, bool is_attempt) = 0;
  // To be answered by `respond`, now or later.
  virtual void on_request(const HttpRequest& request) = 0;
  // Whether the application wants to decide on attempts; then `on_attempt` asks it, and it answers
  // by `admit` or `respond`, now or later.
  virtual bool decides_attempts() const = 0;
  virtual void on_attempt(const HttpRequest& request) = 0;
  // The answer is queued already. The channel is the host's; `rest` came behind the request. The
  // serving object may be destroyed.
  virtual void on_upgrade(protocol::Accepted accepted, MutableBytes rest) = 0;
  // An attempt at WebSocket, or no valid request, has failed.
  virtual void on_failed(std::string_view reason) = 0;

 protected:
  ~HttpHost() = default;
};

class HttpServing final : public Speaker,
                          private LaterHost,
                          private OutputSource,
                          private BulkWork {
 public:
  // Who isn't admitted gets 503, whatever is asked.
  HttpServing(Channel& channel, HttpHost& host, const HttpRules& rules, Admission admission);

  // False: nothing is asked, or it has been answered. Error: an answer that can't be sent; the
  // client gets 500.
  Result<bool> respond(HttpResponse response);
  // As `respond`; the body has been admitted.
  Result<bool> respond(HttpResponse response, protocol::Charge charge);
  // By a service, if one has been added since for what is asked; else so.
  void respond_by_default(HttpResponse response);
  // There's no room for the answer, of so many bytes: the client gets 500.
  void refuse_answer(std::size_t bytes);
  // A request has been handed to the host and is not answered.
  bool is_answering() const { return state_ == State::answering; }
  // The same of a service.
  bool is_answering_later() const { return state_ == State::later; }

  // Opens the WebSocket of the attempt that is being decided, at the end of the turn at the latest;
  // the fields are added to its answer. `respond`, with a status from 400 to 599, refuses it.
  // False: none is, or it's decided. Error: fields, or a status, that can't be; the client gets
  // 500.
  Result<bool> admit(const HeaderList& headers);
  bool is_deciding() const { return is_undecided() && !upgrade_->is_decided; }
  // The application is asked, or what it says hasn't been done yet.
  bool is_undecided() const { return state_ == State::deciding; }
  // It's 503: the server stops. Nothing more is told of it.
  void leave_undecided();

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
  enum class State : std::uint8_t { idle, reading, answering, later, deciding, done };

  // An attempt that the application decides on.
  struct Upgrade {
    protocol::Accepted accepted;
    bool is_decided = false;
    std::optional<HttpResponse> refusal = {};  // decided: it isn't admitted
    std::string reason = {};
    protocol::Charge charge = {};  // for the refusal
  };

  // A request that a service answers later. It may end after the channel.
  struct Later {
    Later(Channel& channel, BulkWork& of);
    ~Later();
    void unreserve(std::size_t bytes);
    bool is_over() const { return has_begun && left == 0; }

    const std::shared_ptr<protocol::Outlet> outlet;
    BulkDesk& desk;
    BulkWork& work;
    std::unique_ptr<LaterAnswer> answer;
    std::uint64_t left = 0;    // of its body
    std::size_t reserved = 0;  // of that, what waits and isn't queued
    bool has_begun = false;
    bool is_source = false;  // the output says when it wants more
  };

  // LaterHost
  void answer(HttpResponse response) override;
  void refuse(std::size_t bytes) override;
  void begin_body(HttpResponse head, std::uint64_t length) override;
  void continue_body() override;
  void break_off(std::string_view reason) override;
  void give_up() noexcept override;
  bool reserve(std::size_t bytes) override;
  bool has_sent_all() const override { return queued_bytes() == 0; }
  void log(LogLevel level, std::string_view text) override;
  // OutputSource
  bool produce(Output& output) override;
  // BulkWork
  std::size_t send_piece() noexcept override;

  void begin_later(std::unique_ptr<LaterAnswer> answer);
  void end_later(State next);
  void finish_body();
  std::size_t append_piece();
  // Without what is reserved.
  std::size_t queued_bytes() const { return channel_.queued_bytes() - later_->reserved; }
  void await_reader();
  void judge_reader(DeadlineKind kind);
  void receive(MutableBytes data);
  void receive_waiting();
  bool may_go_on() const;
  void begin_request();
  void ask_for_body();
  void note_head();
  bool handle_head(MutableBytes rest);
  bool handle_attempt(const protocol::EntryRequest& request, MutableBytes rest);
  bool handle_plain_head(const protocol::EntryRequest& request);
  void handle_request();
  bool is_answered_by_service(const HttpRequest& request);
  std::optional<protocol::ForwardedRequest> find_client() const;
  Admission judge_client(const std::optional<protocol::ForwardedRequest>& forwarded,
                         bool is_attempt);
  void refuse_admission(Admission admission, bool is_attempt);
  void ask(protocol::Accepted accepted, MutableBytes rest);
  void decline(HttpResponse response, std::string reason, protocol::Charge charge);
  Result<bool> decline(HttpResponse response, protocol::Charge charge);
  void finish_decision();
  void open(protocol::Accepted accepted, MutableBytes rest);
  void note_no_subprotocol();
  void refuse_malformed();
  void refuse(HttpResponse response, std::string_view reason, bool is_attempt);
  bool shakes_hands() const;
  void note_no_tls(std::string_view reason);
  void end_refused(std::string_view how, std::string_view reason, bool is_attempt);
  Result<void> queue_response(HttpResponse response, std::optional<std::uint64_t> length = {});
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
  const Admission admission_;
  bool keep_alive_ = true;
  bool told_continue_ = false;
  std::unique_ptr<HttpResponse> answer_;  // to the request under way, known by its head
  std::unique_ptr<Upgrade> upgrade_;      // in `deciding`
  std::unique_ptr<Later> later_;          // in `later`
};

}  // namespace simws::endpoint
