// Everything a script can call, and how its handlers are called, whatever its language.
#pragma once

#include "dispatch/dispatcher.h"
#include "dispatch/event.h"
#include "dispatch/network.h"
#include "script/arguments.h"
#include "script/engine.h"
#include "script/function_table.h"
#include "script/handlers.h"
#include "script/handles.h"
#include "script/script_log.h"
#include "script/value.h"

#include <simws/log.h>
#include <simws/options.h>
#include <simws/result.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simws::script {

struct Settings {
  Logger logger;                        // empty: lines to standard error
  LogLevel log_level = LogLevel::info;  // of that; debug: each event but messages has a line
  bool threaded = false;                // what `run` does unless it's told
  // What the log line of a server that starts ends with, as ServerOptions::start_note.
  std::function<std::string(const ServerOptions&)> start_note = {};
  bool asks_environment_for_proxy = true;  // where the option isn't given
};

// A request that an http or an upgrade callback answers after it has returned.
struct LaterAnswer {
  dispatch::EventKind kind = dispatch::EventKind::http;
  dispatch::EndpointId endpoint = 0;
  dispatch::ConnectionId connection = 0;
  std::string resource;
  std::string callback;  // its name, if it has one
};

// Belongs to the script's thread. Servers and clients that are left stop with it, without
// callbacks.
class Api final : private dispatch::EventHandler {
 public:
  // Both must outlive it.
  Api(dispatch::Network& network, Engine& engine, Settings settings);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Calls a function of the table: checks `given` and `values` against the row (see
  // check_arguments), whose errors and the function's own name the function.
  Result<Value> call(const FunctionRow& function, std::size_t given, std::span<Value> values);

  void log(LogLevel level, std::string_view line) const { log_->write(level, line); }
  // What the script logs by its host: for no handler of its own.
  void log_to_host(LogLevel level, std::string_view line) const {
    log_->board()->add(level, line);
    log_->write_to_host(level, line);
  }
  void set_log_level(LogLevel least) { log_->set_least(least); }

  // For a program that calls a script over and over: handles waiting events within the pass budget;
  // waits for one.
  std::size_t deliver() { return deliver(pass_budget_); }
  std::size_t deliver(Seconds budget);
  // As the named parameter said when a server started last.
  Seconds pass_budget() const { return pass_budget_; }
  bool has_events() const { return dispatcher_.has_events() || log_->has_waiting(); }
  void wait(Seconds timeout);
  // Serves until the engine is interrupted or no server is left.
  Result<void> serve(bool threaded);
  // Whoever steps the script says by how much each step begins too late.
  void note_step(Seconds late) {
    dispatcher_.times().step_lateness.observe(std::chrono::duration_cast<Duration>(late));
  }
  // Whoever steps the script serves it too: `run`, `poll` and `fileno` become errors.
  void forbid_driving() { may_drive_ = false; }

  // The script has ended, perhaps inside a handler or a function: its servers stop, and no handler
  // is called from here on.
  void end();

  // Inside a handler: no other is called until whoever delivers events does so again.
  // An http callback that does so is answered by 503: the script is leaving.
  void end_pass() {
    log_pass_ends_ = true;
    dispatcher_.end_pass();
  }

  // A handler is under way.
  bool is_delivering() const { return dispatcher_.is_delivering() || is_handling_log_; }
  // There is a server, or a client that can still bring an event.
  bool is_serving() const { return dispatcher_.expects_events(); }
  // Ends a wait. From any thread, and from a signal handler.
  void interrupt() { dispatcher_.interrupt(); }

  // Inside an http or upgrade callback: its results come later, by `finish_answer`, and those that
  // it returns don't count. A server that stops before answers 503.
  LaterAnswer answer_later();
  // As `called` and `results` of Engine::call.
  void finish_answer(const LaterAnswer& later, const Result<void>& called,
                     std::span<Value, max_callback_results> results);

  // The functions of the table.
  Result<Value> start(const Arguments& arguments);
  Result<Value> stop(const Arguments& arguments);
  Result<Value> connect(const Arguments& arguments);
  Result<Value> disconnect(const Arguments& arguments);
  Result<Value> send(const Arguments& arguments);
  Result<Value> close(const Arguments& arguments);
  Result<Value> broadcast(const Arguments& arguments);
  template <dispatch::EventKind kind>
  Result<Value> set_handler(const Arguments& arguments) {
    return set_handler(kind, arguments);
  }
  Result<Value> serve_files(const Arguments& arguments);
  Result<Value> set_log_handler(const Arguments& arguments);
  Result<Value> subscribe(const Arguments& arguments);
  Result<Value> unsubscribe(const Arguments& arguments);
  Result<Value> publish(const Arguments& arguments);
  Result<Value> set_topic(const Arguments& arguments);
  Result<Value> get_topics(const Arguments& arguments);
  Result<Value> start_recording(const Arguments& arguments);
  Result<Value> stop_recording(const Arguments& arguments);
  Result<Value> get_connections(const Arguments& arguments);
  Result<Value> get_connection_info(const Arguments& arguments);
  Result<Value> get_server_info(const Arguments& arguments);
  Result<Value> get_client_info(const Arguments& arguments);
  Result<Value> run(const Arguments& arguments);
  Result<Value> poll(const Arguments& arguments);
  Result<Value> fileno(const Arguments& arguments);

 private:
  class Waiting;

  std::shared_ptr<ScriptLog> make_log(const Settings& settings);
  void choose_log();
  std::size_t deliver_log(Seconds budget);
  void hand_on(const ScriptLog::Line& line);
  void hand_on_in_vain(const ScriptLog::Line& line, Callback& callback);
  Result<Value> call_checked(const FunctionRow& function, std::size_t given,
                             std::span<Value> values);

  void on_event(const dispatch::Event& event) override;
  void log_event(const dispatch::Event& event) const;
  void notify(const dispatch::Event& event, Callback& callback);
  void answer(const dispatch::Event& event, Callback& callback);
  std::array<Value, max_callback_parameters> request_arguments(const dispatch::Event& event,
                                                               bool has_request);
  void answer_with(const dispatch::Event& event, Callback& callback, const Result<void>& called,
                   std::span<Value, max_callback_results> results);
  void respond_with(const dispatch::Event& event, Callback& callback, const Result<void>& called,
                    std::span<Value, max_callback_results> results);
  void decide_with(const dispatch::Event& event, Callback& callback, const Result<void>& called,
                   std::span<Value, max_callback_results> results);
  void respond(const dispatch::Event& event, HttpResponse response);
  Map request_map_of(const dispatch::Event& event) const;
  void report(const dispatch::Event& event, Callback& callback, const Error& error);
  void log_of(const Callback& callback, dispatch::EndpointId server, std::string_view what);
  void report_missing(Callback& callback, dispatch::EndpointId server);

  Result<Value> set_handler(dispatch::EventKind kind, const Arguments& arguments);
  void warn_by_host(std::string_view line) const noexcept;
  void note_cleared(dispatch::EventKind kind, dispatch::EndpointId server) const;
  Result<std::optional<std::vector<dispatch::ConnectionId>>> connections_option(
      const Arguments& arguments, std::string_view key, dispatch::EndpointId server) const;
  Result<dispatch::Audience> audience_argument(const Arguments& arguments,
                                               dispatch::EndpointId server) const;
  Result<void> check_driving() const;
  Logger make_logger() const;
  bool logs_to_terminal() const;
  Result<void> prepare_network();
  Result<Value> keep_handle(const Result<dispatch::EndpointId>& endpoint);
  Result<Value> end(const Result<dispatch::EndpointId>& endpoint);
  Result<Value> send_by_client(const Arguments& arguments);

  // As connection_argument.
  Result<ConnectionHandle> target_of(std::string_view server, std::string_view connection) const;
  // What the dispatcher's error means to a script that gave these handles.
  Error explain(const Error& error, dispatch::EndpointId server) const;
  Error explain(const Error& error, ConnectionHandle target) const;

  dispatch::Network& network_;
  Engine& engine_;
  const std::shared_ptr<ScriptLog> log_;
  const bool logs_to_stderr_;
  const bool runs_threaded_;
  const std::function<std::string(const ServerOptions&)> start_note_;
  const bool asks_environment_for_proxy_;
  Seconds pass_budget_{0.005};
  std::atomic<bool> may_drive_{true};
  bool has_driven_ = false;  // events were delivered, or would have been
  bool is_waiting_ = false;
  bool uses_language_log_ = false;
  bool is_handling_log_ = false;
  bool log_pass_ends_ = false;
  bool has_ended_ = false;
  // Whose http or upgrade callback runs; null: it answers later.
  const dispatch::Event* request_ = nullptr;
  const Callback* request_callback_ = nullptr;
  LatestHandles latest_;
  Handlers handlers_;
  dispatch::Dispatcher dispatcher_;
};

}  // namespace simws::script
