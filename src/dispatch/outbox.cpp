#include "dispatch/outbox.h"

#include <cstddef>
#include <utility>

namespace simws::dispatch {

namespace {

// Of a message whose memory is used again.
constexpr std::size_t most_kept_bytes = 4096;

struct Execute {
  void operator()(SendCommand& command) const {
    if (Connection* const connection = command.record->connection) {
      connection->deliver(command.message);
    }
  }
  void operator()(BroadcastCommand& command) const {
    Server* const recorder = command.recorded_by ? command.recorded_by->server() : nullptr;
    if (recorder) recorder->record_broadcast(command.message.shared);
    for (auto& [record, charge] : command.targets) command.deliver(*record, std::move(charge));
  }
  void operator()(CloseCommand& command) const {
    Connection* const connection = command.record->connection;
    if (connection) (void)connection->close(command.code, command.reason);
  }
  void operator()(OverflowCommand& command) const {
    Connection* const connection = command.record->connection;
    if (connection) connection->overflow(command.verdict);
  }
  void operator()(RespondCommand& command) const {
    Connection* const connection = command.record->connection;
    if (!connection) return;
    (void)connection->respond(std::move(command.response), std::move(command.charge));
  }
  void operator()(DefaultCommand& command) const {
    Connection* const connection = command.record->connection;
    if (connection) connection->respond_by_default(std::move(command.response));
  }
  void operator()(RefuseAnswerCommand& command) const {
    Connection* const connection = command.record->connection;
    if (connection) connection->refuse_answer(command.bytes);
  }
  void operator()(AdmitCommand& command) const {
    Connection* const connection = command.record->connection;
    if (connection) (void)connection->admit(std::move(command.headers));
  }
  void operator()(PublishCommand& command) const {
    Server* const server = command.link->server();
    if (server) server->publish(std::move(command.publication));
  }
  void operator()(SubscribeCommand& command) const {
    const Subscribing& asked = *command.subscribing;
    Server* const server = asked.link->server();
    Connection* const connection = command.record->connection;
    if (server && connection && asked.options) {
      (void)server->subscribe(*connection, asked.topic, *asked.options);
    } else if (server && connection) {
      (void)server->unsubscribe(*connection, asked.topic);
    }
    if (asked.announced) asked.announced->fetch_sub(1);
  }
  void operator()(SetTopicCommand& command) const {
    const TopicSetting& setting = *command.setting;
    if (Server* const server = setting.link->server()) {
      server->apply_topic(setting.topic, setting.options);
    }
  }
  void operator()(HandledCommand& command) const {
    command.link->note_handled(*command.record, command.bytes);
  }
};

}  // namespace

CommandPtr Outbox::make() {
  auto done = done_.take();
  return done ? std::move(*done) : std::make_unique<Command>();
}

// Whoever finds the flag set knows that what was pushed before is seen: both exchange it.
bool Outbox::needs_wake_up() {
  return waiting_.count() != 0 && !woken_.exchange(true);
}

// What is pushed meanwhile waits for the next time, so that the network gets its turn.
void Outbox::execute_all() {
  woken_.exchange(false);
  for (std::size_t left = waiting_.count(); left > 0; --left) {
    auto command = waiting_.take();
    if (!command) return;
    execute(std::move(*command));
  }
}

void Outbox::execute(CommandPtr command) {
  std::visit(Execute{}, *command);
  give_back(std::move(command));
}

// Whatever it was, so that what one thread allocates isn't freed by the other.
void Outbox::give_back(CommandPtr command) noexcept {
  if (auto* const sent = std::get_if<SendCommand>(command.get())) {
    sent->record = nullptr;
    sent->message.charge = {};
    if (sent->message.own.capacity() > most_kept_bytes) sent->message.own = {};
  } else {
    command->emplace<SendCommand>();
  }
  done_.give_back(std::move(command));
}

}  // namespace simws::dispatch
