// What the channels of one server or client share.
#pragma once

#include "base/line_limiter.h"
#include "base/log.h"
#include "endpoint/counters.h"
#include "endpoint/deadlines.h"
#include "endpoint/lazy_gate.h"
#include "endpoint/message_watch.h"
#include "endpoint/turn_end.h"
#include "protocol/output_budget.h"

#include <simws/connection.h>
#include <simws/log.h>

#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace simws::endpoint {

class ChannelGroup {
 public:
  // The deadlines and limits outlive it, and may be others' too.
  ChannelGroup(TurnEnd& turn_end, Deadlines& deadlines, const ReadingLimits& reading,
               std::shared_ptr<protocol::OutputBudget> output, Logger logger);

  transport::Loop& loop() { return turn_end_.loop(); }
  TurnEnd& turn_end() { return turn_end_; }
  Flusher& flusher() { return turn_end_.flusher(); }
  OutputPool& outputs() { return turn_end_.outputs(); }
  Lending& lending() { return turn_end_.lending(); }
  Counters& counters() { return counters_; }
  // What only servers have; null: it's a client's.
  ServerFigures* server_figures() { return server_figures_; }
  void set_server_figures(ServerFigures& figures) { server_figures_ = &figures; }
  const Counters& counters() const { return counters_; }
  Deadlines& deadlines() { return deadlines_; }
  LazyGate& gate() { return gate_; }
  const LazyGate& gate() const { return gate_; }
  const std::shared_ptr<protocol::OutputBudget>& output_budget() const { return output_budget_; }

  // Null: nobody watches. It outlives the channels.
  MessageWatch* watch() const { return watch_; }
  void set_watch(MessageWatch& watch) { watch_ = &watch; }

  // Never throws.
  void log(LogLevel level, std::string_view line) const noexcept;

  // What a peer can cause as often as it likes: ten lines a second, then one that says how many
  // were left out.
  void log_of_peer(LogLevel level, std::string_view line) noexcept;

  // Calls a handler of the application, if there is one; what it throws is logged, and survived but
  // for a lack of memory. False: it threw.
  template <typename Handler, typename... Arguments>
  bool call(const char* name, const Handler& handler, Arguments&&... arguments);
  // One that tells of an end: nothing is thrown on.
  template <typename Handler>
  void call_last(const char* name, const Handler& handler, Connection& connection) noexcept;

  // From here on nothing is owed but what waits to be sent.
  void end() { ends_ = true; }
  bool ends() const { return ends_; }

 private:
  void tell_left_out();

  TurnEnd& turn_end_;
  const Logger logger_;
  const std::shared_ptr<protocol::OutputBudget> output_budget_;
  Counters counters_;
  ServerFigures* server_figures_ = nullptr;
  Deadlines& deadlines_;
  LazyGate gate_;
  MessageWatch* watch_ = nullptr;
  struct PeerLines {
    LineLimiter limiter;
    std::unique_ptr<transport::Timer> timer;  // once a line was left out
  };
  std::unique_ptr<PeerLines> peer_lines_;  // once there was one
  bool ends_ = false;
};

template <typename Handler, typename... Arguments>
bool ChannelGroup::call(const char* name, const Handler& handler, Arguments&&... arguments) {
  if (!handler) return true;
  try {
    handler(std::forward<Arguments>(arguments)...);
    return true;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    log(LogLevel::error, std::string(name) + " handler threw: " + thrown_words());
    return false;
  }
}

template <typename Handler>
void ChannelGroup::call_last(const char* name, const Handler& handler,
                             Connection& connection) noexcept {
  try {
    call(name, handler, connection);
  } catch (...) {
    log(LogLevel::error, "out of memory in a handler that tells of an end");
  }
}

}  // namespace simws::endpoint
