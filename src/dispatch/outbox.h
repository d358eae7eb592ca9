// What the script asks of the network, on its way there.
#pragma once

#include "dispatch/hand_over.h"
#include "dispatch/link.h"
#include "dispatch/record.h"
#include "dispatch/server_link.h"
#include "protocol/topics/publication.h"
#include "protocol/topics/topic_tallies.h"

#include <simws/topics.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace simws::dispatch {

struct SendCommand {
  RecordPtr record;
  protocol::OutgoingMessage message;
};
// To each of these, of which it was charged.
struct BroadcastCommand {
  struct Target {
    RecordPtr record;
    protocol::Charge charge;
  };
  protocol::OutgoingMessage message;  // shared, and without a charge
  std::vector<Target> targets;
  std::shared_ptr<ServerLink> recorded_by = nullptr;  // null: by none

  // To one of them, on the network's thread.
  void deliver(const Record& to, protocol::Charge charge) {
    if (!to.connection) return;
    message.charge = std::move(charge);
    to.connection->deliver(message);
  }
};
struct CloseCommand {
  RecordPtr record;
  CloseCode code;
  std::string reason;
};
// More waits to be sent than may.
struct OverflowCommand {
  RecordPtr record;
  protocol::Verdict verdict;
};
struct RespondCommand {
  RecordPtr record;
  HttpResponse response;
  protocol::Charge charge;  // for the body
};
// No handler has answered.
struct DefaultCommand {
  RecordPtr record;
  HttpResponse response;
};
struct AdmitCommand {
  RecordPtr record;
  HeaderList headers;
};
// There's no room for the answer, of so many bytes.
struct RefuseAnswerCommand {
  RecordPtr record;
  std::size_t bytes;
};
// What is published, once for all who are subscribed to it.
struct PublishCommand {
  std::shared_ptr<ServerLink> link;
  protocol::PublicationPtr publication;
};
// A subscription begins or ends (no options).
struct Subscribing {
  std::shared_ptr<ServerLink> link;
  std::string topic;
  std::optional<SubscriptionOptions> options;
  protocol::TopicTallyPtr announced;  // counts it until then
};
struct SubscribeCommand {
  RecordPtr record;
  std::unique_ptr<Subscribing> subscribing;
};
struct TopicSetting {
  std::shared_ptr<ServerLink> link;
  std::string topic;
  TopicOptions options;
};
struct SetTopicCommand {
  std::unique_ptr<TopicSetting> setting;
};
// The script has handled events of this cost.
struct HandledCommand {
  RecordPtr record;
  std::shared_ptr<Link> link;
  std::size_t bytes;
};

using Command = std::variant<SendCommand, BroadcastCommand, CloseCommand, OverflowCommand,
                             RespondCommand, DefaultCommand, RefuseAnswerCommand, HandledCommand,
                             AdmitCommand, PublishCommand, SubscribeCommand, SetTopicCommand>;

using CommandPtr = std::unique_ptr<Command>;

// `make`, `push` and `needs_wake_up` are the script's thread's, `execute` and `execute_all` the
// network's. Neither waits for the other.
class Outbox {
 public:
  // To be filled or replaced: a SendCommand, with the memory of one that was executed.
  CommandPtr make();
  void push(CommandPtr command) { waiting_.push(std::move(command)); }
  // True: the network must be woken, for nobody has since it last took commands.
  bool needs_wake_up();
  // It could not be.
  void was_not_woken() { woken_.store(false); }
  // Runs what waits. Also on the script's thread while there's no other.
  void execute_all();
  // At once, instead of `push`.
  void execute(CommandPtr command);

 private:
  void give_back(CommandPtr command) noexcept;

  HandOver<CommandPtr> waiting_;
  Returns<CommandPtr> done_;
  std::atomic<bool> woken_{false};  // the network will look
};

}  // namespace simws::dispatch
