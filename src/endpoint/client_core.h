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
#include <cstddef>
#include <cstdint>
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

class ClientCore final : public Core, private Alarm {
 public:
  // The parts outlive it.
  ClientCore(ClientParts& parts, Destination destination, ClientOptions options,
             std::shared_ptr<const ClientHandlers> handlers);
  ~ClientCore() override;

  // The first attempt begins in the next turn.
  void start();
  // Ends the application's view of all; with `tell`, the close handler is called.
  void stop(bool tell);

  Result<bool> send(std::string_view data, Opcode opcode = Opcode::text, SendOptions how = {});
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
  protocol::ClientRequest request() const { return client_request(options()); }
  Result<std::optional<protocol::Proxy>> choose_proxy(const protocol::Uri& uri) const;
  // As ClientTlsContexts has it.
  Result<std::shared_ptr<transport::TlsClient>> tls();
  RandomSource& random() { return parts_.random; }
  protocol::MaskingKeySource& masking_keys() { return parts_.masking_keys; }

  void note_open() noexcept;
  void send_kept(ClientConnection& connection);
  // Of the newest connection; what comes next is decided, and nothing is told yet.
  void note_end(const AttemptEnd& end) noexcept;
  // The connection's channel has closed: it's destroyed at the end of the turn, and then told.
  void retire(ClientConnection& connection) noexcept;
  void note_destroyed();

 private:
  // What only those need who try again, or keep what is sent while they are away.
  struct Away {
    Away(const ClientProfile& profile, RandomSource& random);

    std::optional<protocol::Backoff> backoff;  // none: lost is lost
    std::atomic<Time> next_attempt{Time{}};
    bool is_failing = false;  // the latest attempt came to nothing, and a line says so
    std::unique_ptr<protocol::KeptMessages> kept;  // once there was one
    std::atomic<std::size_t> kept_bytes{0};
  };

  static std::unique_ptr<Away> make_away(const ClientProfile& profile, RandomSource& random);
  void on_alarm() override;
  void begin_attempt();
  void plan_attempt(const AttemptEnd& end);
  void give_up() noexcept;
  bool is_finished() override;
  bool keep(std::string_view data, Opcode opcode, bool compress);
  void note_tls(std::shared_ptr<const ConnectionTls> tls) noexcept;
  void set_state(ClientState state) { state_.store(state, std::memory_order_relaxed); }
  void log_end(const AttemptEnd& end) noexcept;

  // There may be many, most of which have been open for long: what they need seldom lies behind
  // pointers. Its alarm, when connecting: by when it must be open; when waiting: for the next
  // attempt.
  ClientParts& parts_;
  const std::shared_ptr<ClientProfile> profile_;
  const std::shared_ptr<const ClientHandlers> handlers_;
  ChannelGroup group_;
  const std::unique_ptr<Away> away_;  // null: lost is lost, and nothing is kept

  std::atomic<ClientState> state_{ClientState::connecting};
  std::uint32_t retired_ = 0;  // connections that are to be destroyed
  Counter<std::uint64_t> attempts_;
  std::shared_ptr<const ConnectionTls> tls_;  // of the open connection; see its profile
  OwningList<ClientConnection> connections_;  // of all but the newest nothing is told any more
  ClientConnection* newest_ = nullptr;        // connecting or open; null: none is
};

}  // namespace simws::endpoint
