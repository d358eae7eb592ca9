// What the script asks of the network, on its way there.
#pragma once

#include "dispatch/hand_over.h"
#include "dispatch/link.h"

#include <atomic>
#include <string>
#include <string_view>
#include <variant>

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
  std::shared_ptr<Link> link;
  std::size_t bytes;
};

using Command = std::variant<SendCommand, BroadcastCommand, CloseCommand, OverflowCommand,
                             RespondCommand, AnnounceCommand, HandledCommand>;

// Runs on the network's thread. What the command held is left in it.
void execute(Command& command);

// `copy`, `push` and `needs_wake_up` are the script's thread's, `execute_all` the network's.
// Neither waits for the other.
class Outbox {
 public:
  // A copy, in the memory of data that was sent.
  std::string copy(std::string_view data);
  void push(Command command);
  // True: the network must be woken, for nobody has since it last took commands.
  bool needs_wake_up();
  // Runs what waits. Also on the script's thread while there's no other.
  void execute_all();

 private:
  void give_back(Command& command);

  HandOver<Command> waiting_;
  Returns<std::string> sent_;
  std::atomic<bool> woken_{false};  // the network will look
};

}  // namespace simws::dispatch
