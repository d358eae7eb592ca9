#include "dispatch/outbox.h"

#include <cstddef>
#include <utility>

namespace simws::dispatch {

namespace {

// Of data whose memory is used again.
constexpr std::size_t most_kept_bytes = 4096;

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
    command.link->note_handled(*command.record, command.bytes);
  }
};

}  // namespace

void execute(Command& command) {
  std::visit(Execute{}, command);
}

std::string Outbox::copy(std::string_view data) {
  std::string text = sent_.take().value_or(std::string());
  text = data;
  return text;
}

void Outbox::push(Command command) {
  waiting_.push(std::move(command));
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
    execute(*command);
    give_back(*command);
  }
}

void Outbox::give_back(Command& command) {
  auto* const sent = std::get_if<SendCommand>(&command);
  if (sent && sent->data.capacity() <= most_kept_bytes) sent_.give_back(std::move(sent->data));
}

}  // namespace simws::dispatch
