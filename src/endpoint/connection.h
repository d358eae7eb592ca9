// One connection of a server: joins a stream to HTTP first and to a WebSocket session after the
// opening handshake.
#pragma once

#include "base/send_check.h"
#include "endpoint/deadlines.h"
#include "endpoint/output_queue.h"
#include "endpoint/pending_budget.h"
#include "protocol/http/request.h"
#include "protocol/http/response.h"
#include "protocol/opening_handshake.h"
#include "protocol/session.h"
#include "transport/loop.h"

#include <simws/connection.h>

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::endpoint {

class ServerCore;
class ServerConnection;
using ConnectionList = std::list<std::unique_ptr<ServerConnection>>;

// Idle connections are many, so what only some need lies behind a pointer. Belongs to the loop's
// thread. It ends in `retire`: the core destroys it at the end of the turn, when none of its
// functions is under way.
class ServerConnection final : public Connection,
                               public PendingSource,
                               private Deadline,
                               private transport::StreamHandler,
                               private protocol::SessionHandler {
 public:
  // `refuse_all`: the server is full; whatever is asked gets 503.
  ServerConnection(ServerCore& core, std::unique_ptr<transport::Stream> stream, bool refuse_all);
  ~ServerConnection();

  // connection.h of include/simws
  Result<bool> send(std::string_view data, Opcode opcode, bool fin) override;
  Result<bool> close(CloseCode code, std::string_view reason) override;
  Result<bool> close_now(CloseCode code, std::string_view reason) override;
  Result<bool> respond(const HttpResponse& response) override;
  void hold_pending(std::size_t bytes) override;
  void release_pending(std::size_t bytes) override;
  ConnectionState state() const override;
  ConnectionInfo info() const override;
  std::size_t queued_bytes() const override { return queued_.load(std::memory_order_relaxed); }
  std::optional<Seconds> round_trip_time() const override;

  // Queues a frame encoded for several connections. False: not open, or in a fragmented message.
  bool send_shared(const SharedFrame& frame);

  // The end of a turn in which something was queued, in three steps, each for all such connections:
  // what has to happen first, which may queue more;
  void begin_flush();
  // one write of all of them, with what was taken told to `note_written`. None: nothing is queued,
  // or more than one piece;
  std::optional<transport::Write> make_write();
  void note_written(std::size_t offered, std::size_t taken);
  // and the rest.
  void end_flush();

  // The server stops: ends the application's view of this connection, with a close event when it
  // was open (`tell`), and lets it end by itself.
  void stop(bool tell);

  // Its unfinished message has held up all others for too long.
  void give_up_message();

  // response: a request isn't answered yet. answers: too many of them aren't read by the peer.
  // waiting: what was read before waits to be handled, and what follows may not overtake it.
  // share, gate: see PendingBudget.
  enum class Hold : std::uint8_t { response = 1, answers = 2, waiting = 4, share = 8, gate = 16 };
  // Reading stops while there is a reason to hold it.
  void set_hold(Hold reason, bool held);

  const transport::Address& address() const { return address_; }
  bool is_refused() const { return http_ && http_->refuse_all; }
  bool is_announced() const { return announced_; }

  // Its place in one of the core's lists; the core's to use.
  ConnectionList* list = nullptr;
  ConnectionList::iterator place;

 private:
  // finishing: nothing is told any more; what is queued leaves, then the peer's end is awaited.
  enum class Phase : std::uint8_t { http, open, closing, finishing, retired };

  // Of a connection that serves HTTP; gone after the upgrade.
  struct Http {
    explicit Http(const protocol::http::RequestLimits& limits) : parser(limits) {}
    protocol::http::RequestParser parser;
    std::string waiting;  // came behind a request that isn't answered yet
    bool keep_alive = true;
    bool awaiting_response = false;
    bool in_handler = false;
    bool served = false;  // at least one request has been answered
    bool refuse_all = false;
  };

  // What few connections have.
  struct Rare {
    std::string subprotocol;
    std::string close_reason;
    std::string error;
    std::string pong;  // to the latest ping, while the peer doesn't read
    std::optional<CloseCode> close_code;
    bool pong_due = false;
    bool clean = false;
  };

  // transport::StreamHandler
  void on_data(MutableBytes data) override;
  void on_end(bool lost, std::string reason) override;
  void on_writable() override;
  // protocol::SessionHandler
  void on_message(Opcode opcode, Bytes message) override;
  void on_ping(Bytes payload) override;
  void on_pong(Bytes payload) override;
  void on_close(CloseCode code, std::string_view reason) override;
  void on_failure(const protocol::Failure& failure) override;
  // Deadline
  void on_deadline(DeadlineKind kind) override;

  // HTTP (connection_http.cpp)
  void receive_http(MutableBytes data);
  void receive_waiting();
  bool may_handle_request() const;
  void begin_request_deadline();
  void handle_head(bool body_follows);
  void hand_to_application(std::string_view body);
  void upgrade();
  void refuse_request(const protocol::http::Refusal& refusal);
  void refuse(const HttpResponse& response, std::string_view reason, bool is_attempt);
  Result<void> queue_response(const HttpResponse& response);
  void finish_response();
  void end_http(bool lost, std::string_view reason);

  // WebSocket (connection_websocket.cpp)
  void open(protocol::Accepted accepted);
  void queue_close(CloseCode code, std::string_view reason);
  void start_closing_handshake(CloseCode code, std::string_view reason);
  void fail_connection(CloseCode code, std::string_view reason);
  void end_open(CloseCode code, std::string_view reason, bool clean, std::string_view error);
  void send_ping();
  void overflow();

  // Life (connection.cpp)
  Rare& rare();
  OutputQueue& queue();
  void queued_something();
  void publish_queued_bytes();
  void queue_due_pong();
  void write_queue();
  void note_progress();
  void set_deadline(DeadlineKind kind);
  void update_assembly();
  void drop_holds();
  void tell_fail(std::string_view error);
  void release();
  void finish();
  void check_finished();
  void retire();
  void log(LogLevel level, std::string_view text) const;

  ServerCore& core_;
  std::unique_ptr<transport::Stream> stream_;
  std::unique_ptr<Http> http_;
  std::unique_ptr<OutputQueue> queue_;  // while something is queued
  std::unique_ptr<Rare> rare_;
  protocol::Session session_;
  RequestHead request_;  // the latest one
  std::atomic<std::size_t> queued_{0};
  Time ping_sent_{};
  std::atomic<float> round_trip_time_{-1};  // in seconds; negative: unknown
  transport::Address address_;
  Phase phase_ = Phase::http;
  std::uint8_t holds_ = 0;
  SendCheck send_check_;
  bool announced_ : 1 = false;  // the application knows it
  bool dirty_ : 1 = false;      // in the core's list of those to flush
  bool blocked_ : 1 = false;    // the stream took less than all
  bool alive_ : 1 = false;      // a sign of life since the ping
  bool peer_ended_ : 1 = false;
  bool close_sent_ : 1 = false;
  bool told_closed_ : 1 = false;  // for the application it's closed, whatever is still to leave
  bool abandoned_ : 1 = false;    // close_now: the peer's answer isn't awaited
  bool write_finished_ : 1 = false;
};

}  // namespace simws::endpoint
