// A client's inside: its attempts, one after the other, and what lies between them. It outlives its
// Client object until the last connection has sent what was queued.
//
//   waiting ──the time has come──▶ connecting ──▶ open
//      ▲ ▲                             │            │
//      │ └────── fails ────────────────┤            │
//      └──────── is lost ──────────────┼────────────┤
//                                      └── for good ┴──▶ closed
#pragma once

#include "endpoint/channel_group.h"
#include "endpoint/client_connection.h"
#include "endpoint/client_parts.h"
#include "endpoint/core.h"
#include "protocol/kept_messages.h"
#include "protocol/retry.h"

#include <simws/client.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

namespace simws::endpoint {

struct AttemptEnd {
  bool is_retried = false;
  std::optional<std::chrono::seconds> retry_after;
  std::optional<Duration> open_time;  // none: it was never open
  std::string_view why;
};

class ClientCore final : public Core, private TurnEndWork, private Alarm {
 public:
  // The parts outlive it.
  ClientCore(ClientParts& parts, Destination destination, ClientOptions options,
             std::shared_ptr<const ClientHandlers> handlers);
  ~ClientCore() override;

  // The first attempt begins in the next turn.
  void start();
  // Ends the application's view of all; with `tell`, the close handler is called.
  void stop(bool tell);
  void on_finished(transport::Task task) override;

  Result<bool> send(std::string_view data, Opcode opcode, bool fin);
  // The open one, or null.
  Connection* connection();
  // From any thread.
  ClientState state() const;
  ClientInfo info() const;

  // For connections.
  ChannelGroup& group() { return group_; }
  transport::Loop& loop() { return group_.loop(); }
  // But for the logger.
  const ClientOptions& options() const { return profile_->options; }
  const ClientHandlers& handlers() const { return *handlers_; }
  const protocol::Uri& uri() const { return profile_->destination.uri; }
  protocol::ClientRequest request() const;
  Result<std::optional<protocol::Proxy>> choose_proxy(const protocol::Uri& uri) const;
  RandomSource& random() { return parts_.random; }
  protocol::MaskingKeySource& masking_keys() { return parts_.masking_keys; }

  void note_open() noexcept;
  void send_kept(ClientConnection& connection);
  // Of the newest connection; what comes next is decided, and nothing is told yet.
  void note_end(ClientConnection& connection, const AttemptEnd& end) noexcept;
  // Destroys the connection at the end of the turn.
  void retire(ClientConnection& connection) noexcept;

 private:
  using ConnectionList = OwningList<ClientConnection>;

  void on_alarm() override;
  void begin_attempt();
  void plan_attempt(const AttemptEnd& end);
  void give_up() noexcept;
  void tell_finished();
  void end_turn() override;
  bool keep(std::string_view data, Opcode opcode);
  void set_state(ClientState state) { state_.store(state, std::memory_order_relaxed); }
  void log_end(const AttemptEnd& end) noexcept;

  // There may be many, most of which have been open for long: what they need seldom lies behind
  // pointers. Its alarm, when connecting: by when it must be open; when waiting: for the next
  // attempt.
  ClientParts& parts_;
  const std::shared_ptr<ClientProfile> profile_;
  const std::shared_ptr<const ClientHandlers> handlers_;
  ChannelGroup group_;
  const std::unique_ptr<protocol::Backoff> backoff_;  // null: lost is lost
  std::unique_ptr<protocol::KeptMessages> kept_;      // once there was one
  std::atomic<std::size_t> kept_bytes_{0};

  std::atomic<ClientState> state_{ClientState::connecting};
  std::atomic<Time> next_attempt_{Time{}};
  Counter<std::uint64_t> attempts_;
  bool is_failing_ = false;  // the latest attempt came to nothing, and a line says so
  ConnectionList newest_;    // connecting or open: at most one
  ConnectionList ending_;    // nothing is told of them any more
  ConnectionList retired_;   // until the end of the turn
  std::size_t count_ = 0;    // of those not retired
  transport::Task on_finished_;
};

}  // namespace simws::endpoint
