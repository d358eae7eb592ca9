// What the script asks of the network, on its way there.
#pragma once

#include "dispatch/link.h"

#include <mutex>
#include <variant>
#include <vector>

namespace simws::dispatch {

struct SendCommand {
  RecordPtr record;
  std::string data;
  Opcode opcode;
  bool fin;
};
struct BroadcastCommand {
  std::shared_ptr<Link> link;
  std::string data;
  Opcode opcode;
};
struct CloseCommand {
  RecordPtr record;
  CloseCode code;
  std::string reason;
};
// More waits to be sent than may.
struct OverflowCommand {
  RecordPtr record;
  std::shared_ptr<Link> link;
};
struct RespondCommand {
  RecordPtr record;
  HttpResponse response;
};
// The script has heard that the connection is open: broadcasts from here on are for it too.
struct AnnounceCommand {
  RecordPtr record;
};
// The script has handled events of this cost.
struct HandledCommand {
  RecordPtr record;
  std::size_t bytes;
};

using Command = std::variant<SendCommand, BroadcastCommand, CloseCommand, OverflowCommand,
                             RespondCommand, AnnounceCommand, HandledCommand>;

// Runs on the network's thread.
void execute(Command& command);

// Any thread.
class Outbox {
 public:
  void push(Command command);
  // True: the network must be woken, for nobody has since it last took commands.
  bool needs_wake_up();
  // On the network's thread: runs what waits.
  void execute_all();

 private:
  std::mutex mutex_;
  std::vector<Command> waiting_;
  std::vector<Command> running_;  // the network's; kept for its memory
  bool woken_ = false;
};

}  // namespace simws::dispatch
