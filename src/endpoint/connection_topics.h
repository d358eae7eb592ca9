// What one connection is subscribed to, and how it gets it: from what waits, as soon as there's
// room, the highest priority first and of equal ones in turn, within the window that the viewer's
// acknowledgements allow.
#pragma once

#include "endpoint/bulk_desk.h"
#include "endpoint/end_topics.h"
#include "endpoint/output.h"
#include "endpoint/topics.h"
#include "endpoint/websocket_end.h"
#include "protocol/topics/delivery_window.h"
#include "protocol/topics/topic_messages.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace simws::endpoint {

class AcceptedConnection;

class ConnectionTopics final : public EndTopics,
                               private OutputSource,
                               private Alarm,
                               private BulkWork {
 public:
  // All of them outlive it. has_envelopes: the peer speaks simws.topics.1.
  ConnectionTopics(Topics& topics, Channel& channel, WebSocketEnd& end, AcceptedConnection& of,
                   bool has_envelopes);
  ~ConnectionTopics() override;

  // REQUIRES: the name and options are valid.
  void subscribe(const std::string& name, const SubscriptionOptions& options,
                 protocol::Subscriber by);
  // What waits of it is dropped, but where a pattern takes its topics too: that one goes on with
  // it. Never fails: what has no memory ends the connection.
  void unsubscribe(std::string_view name) noexcept;
  // What is set for its topic may have changed.
  void follow_settings(Subscription& subscription) noexcept;

  // A publication that the subscription takes; each comes once, whatever else takes it (`serial`).
  // Never fails: what has no memory ends the connection.
  void offer(Subscription& subscription, const protocol::PublicationPtr& publication,
             std::uint64_t serial) noexcept;
  // Whether what is published may be old has changed.
  void tell_staleness();
  void tell_loss(const Topics::DropHandler& handler, Subscription& subscription) noexcept;

  // EndTopics
  bool has_envelopes() const override { return has_envelopes_; }
  void on_message(Opcode opcode, Bytes message) override;
  bool on_pong(Bytes payload) override;
  void on_room() override;
  void on_all_taken() override;
  void on_closing(bool sends) override;

 private:
  using ByName = std::unordered_map<std::string_view, std::unique_ptr<Subscription>>;
  static constexpr std::size_t priorities = 8;

  // OutputSource
  bool produce(Output& output) override;
  // Alarm: a message's time has come.
  void on_alarm() override;
  // BulkWork: some of what is retained may be sent.
  std::size_t send_piece() noexcept override;

  // What the peer asks.
  void handle(const protocol::topic_request::Send&, std::string_view data, Opcode opcode);
  void handle(const protocol::topic_request::Subscribe&, std::string_view data, Opcode opcode);
  void handle(const protocol::topic_request::Unsubscribe&, std::string_view data, Opcode opcode);
  void handle(const protocol::topic_request::Publish&, std::string_view data, Opcode opcode);
  void handle(const protocol::topic_request::Acknowledge&, std::string_view data, Opcode opcode);
  void handle(const protocol::topic_request::Ping&, std::string_view data, Opcode opcode);
  void handle(const protocol::topic_request::Unknown&, std::string_view, Opcode) {}
  void handle(const protocol::topic_request::Malformed&, std::string_view data, Opcode opcode);
  std::string why_not_readable(std::string_view name) const;
  void answer(std::string line);
  bool send_answers();
  bool has_answers() const { return !answers_.empty() || owes_staleness_; }
  void resume(Subscription& subscription);

  Subscription* find(std::string_view name) const;
  bool is_taken_by_another(const std::string& topic, const Subscription& subscription) const;
  Subscription& add(Topic& topic, const protocol::SubscriptionRules& rules);
  void begin_catch_up(Subscription& subscription);
  protocol::PublicationPtr next_retained(Subscription& subscription);
  protocol::PublicationPtr take_retained(Subscription& subscription);
  bool waits_for_share(const Subscription& subscription) const;
  void set_rules(Subscription& subscription, const protocol::SubscriptionRules& rules);
  void remove(ByName::iterator at);
  Subscription* heir_of(std::string_view name) const;
  void remove_for(Subscription& heir, ByName::iterator at);
  void go_on_with(protocol::PublicationPtr begun, std::size_t next_part, Subscription& heir);
  void leave(Subscription& subscription);

  bool passes(Subscription& subscription, const protocol::Publication& publication);
  void keep(Subscription& subscription, const protocol::PublicationPtr& publication);
  void note(Subscription& subscription, const protocol::WaitingPublications::Offered& offered);
  bool is_over_queue(const Subscription& subscription, std::size_t more) const;
  void account(Subscription& subscription);
  void want(Subscription& subscription);
  void no_longer_ready(Subscription& subscription);
  void wake();
  void set_alarm_for(const Subscription& subscription);

  bool send_next();
  bool send_next_of(Subscription& subscription);
  bool waits_for_another(Subscription& subscription);
  void send_begun(Subscription& subscription);
  protocol::PublicationPtr take_next(Subscription& subscription);
  void send(Subscription& subscription, const protocol::PublicationPtr& publication);
  void send_part(Subscription& subscription);
  void send_owed(Subscription& subscription);
  void deliver(const Subscription& subscription, const protocol::SharedMessagePtr& message,
               bool may_compress);
  void note_delivered(Subscription& subscription, const protocol::Publication& publication);
  bool has_room_for(const Subscription& subscription);
  void send_mark(bool holds_back, protocol::DeliveryWindow::Seconds window);
  void on_acknowledged(std::uint32_t mark);
  Time now() const { return channel_.loop().now(); }

  Topics& topics_;
  Channel& channel_;
  const std::shared_ptr<protocol::Outlet> outlet_;  // which may outlive that
  WebSocketEnd& end_;
  AcceptedConnection& connection_;
  ByName subscriptions_;
  std::array<Subscriptions, priorities> ready_;  // those with something that may be sent
  Subscriptions idle_;                           // the others
  std::deque<std::string> answers_;              // to what the peer asked, before all else
  std::size_t answers_bytes_ = 0;
  protocol::DeliveryWindow window_;
  std::uint64_t latest_serial_ = 0;  // of what it was offered
  Time alarm_at_ = Time::max();
  std::vector<const Subscription*> in_parts_;  // of which some parts have been sent, and not all
  std::size_t share_ = 0;                      // so much of what is retained may be sent: messages
  const bool has_envelopes_;
  bool is_asked_ = false;   // by the output, as its source
  bool owes_mark_ = false;  // once all is compressed
  bool is_closing_ = false;
  bool owes_staleness_ = false;  // behind the answers
};

}  // namespace simws::endpoint
