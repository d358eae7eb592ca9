// What the script asks of the network, on its way there.
#pragma once

#include "dispatch/hand_over.h"
#include "dispatch/link.h"

#include <atomic>
#include <string>
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
  protocol::SharedMessagePtr message;
  std::vector<Target> targets;
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
// There's no room for the answer, of so many bytes.
struct RefuseAnswerCommand {
  RecordPtr record;
  std::size_t bytes;
};
// The script has handled events of this cost.
struct HandledCommand {
  RecordPtr record;
  std::shared_ptr<Link> link;
  std::size_t bytes;
};

using Command = std::variant<SendCommand, BroadcastCommand, CloseCommand, OverflowCommand,
                             RespondCommand, RefuseAnswerCommand, HandledCommand>;

// Runs on the network's thread. What the command held and isn't used up is left in it.
void execute(Command& command);

// `memory`, `push` and `needs_wake_up` are the script's thread's, `execute_all` the network's.
// Neither waits for the other.
class Outbox {
 public:
  // That of a message that was sent, for the next one.
  std::string memory() { return sent_.take().value_or(std::string()); }
  void push(Command command);
  // True: the network must be woken, for nobody has since it last took commands.
  bool needs_wake_up();
  // It could not be.
  void was_not_woken() { woken_.store(false); }
  // Runs what waits. Also on the script's thread while there's no other.
  void execute_all();

 private:
  void give_back(Command& command);

  HandOver<Command> waiting_;
  Returns<std::string> sent_;
  std::atomic<bool> woken_{false};  // the network will look
};

}  // namespace simws::dispatch
