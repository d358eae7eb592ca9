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

void execute(Command& command) {
  std::visit(Execute{}, command);
}

void Outbox::push(Command command) {
  waiting_.push(std::move(command));
  pushed_.store(pushed_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
}

// Whoever finds the flag set knows that what was pushed before is seen: both exchange it.
bool Outbox::needs_wake_up() {
  const std::size_t pushed = pushed_.load(std::memory_order_relaxed);
  return pushed != executed_.load(std::memory_order_relaxed) && !woken_.exchange(true);
}

// What is pushed meanwhile waits for the next time, so that the network gets its turn.
void Outbox::execute_all() {
  woken_.exchange(false);
  const std::size_t pushed = pushed_.load(std::memory_order_acquire);
  std::size_t executed = executed_.load(std::memory_order_relaxed);
  for (; executed != pushed; ++executed) {
    auto command = waiting_.take();
    if (command) execute(*command);
    executed_.store(executed + 1, std::memory_order_relaxed);
  }
}

}  // namespace simws::dispatch
