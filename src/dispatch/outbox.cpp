#include "dispatch/outbox.h"

#include <utility>

namespace simws::dispatch {

namespace {

struct Execute {
  void operator()(SendCommand& command) const {
    Record& record = *command.record;
    record.in_hand_over.fetch_sub(command.data.size());
    if (record.connection) (void)record.connection->send(command.data, command.opcode, command.fin);
  }
  void operator()(BroadcastCommand& command) const {
    command.link->broadcast(command.data, command.opcode);
  }
  void operator()(CloseCommand& command) const {
    Record& record = *command.record;
    if (record.connection) (void)record.connection->close(command.code, command.reason);
  }
  void operator()(OverflowCommand& command) const { command.link->overflow(*command.record); }
  void operator()(RespondCommand& command) const {
    Record& record = *command.record;
    if (record.connection) (void)record.connection->respond(command.response);
  }
  void operator()(AnnounceCommand& command) const { command.record->announced = true; }
  void operator()(HandledCommand& command) const {
    Record& record = *command.record;
    if (record.connection) record.connection->release_pending(command.bytes);
  }
};

}  // namespace

void execute(Command& command) { std::visit(Execute{}, command); }

void Outbox::push(Command command) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(command));
}

bool Outbox::needs_wake_up() {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty() && !std::exchange(woken_, true);
}

void Outbox::execute_all() {
  {
    const std::lock_guard lock(mutex_);
    std::swap(waiting_, running_);
    woken_ = false;
  }
  for (Command& command : running_) execute(command);
  running_.clear();
}

}  // namespace simws::dispatch
