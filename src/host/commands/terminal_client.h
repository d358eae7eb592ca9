// A client that sends lines and shows messages.
#pragma once

#include "host/commands/line_source.h"
#include "host/commands/screen.h"
#include "host/commands/signal_pipe.h"

#include <simws/client.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace simws::host {

struct ConnectOptions {
  std::string uri;
  ClientOptions client;
  bool binary = false;  // lines are hex, and sent as bytes
  Seconds wait{1};      // how long nothing comes after the input's end until it closes
};

// What `run` returns besides usage_error.
inline constexpr int closed_well = 0;    // by either side, with 1000, 1001 or no code
inline constexpr int not_connected = 1;  // the last attempt failed
inline constexpr int closed_ill = 3;     // with another code, or lost

// Reads standard input, edited with a history where it's a terminal as output is. A line is sent as
// one message. Reading pauses while much waits to be sent; messages wait while nobody reads the
// output.
class TerminalClient {
 public:
  explicit TerminalClient(ConnectOptions options);

  // Until it's closed, or a signal asks twice; returns the exit code.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  std::unique_ptr<LineSource> make_source();
  ClientHandlers make_handlers();
  void on_open(Connection& connection);
  void on_fail(Connection& connection);
  void on_close(Connection& connection);
  void on_message(Connection& connection, std::string_view data, Opcode opcode);
  void on_release(Connection& connection);
  // Whether the client tries again, in words.
  std::string next_attempt() const;

  bool is_done();
  // Waits for whatever comes first, and handles it.
  void turn();
  void read_lines();
  bool wants_lines() const;
  // For the source: until standard input has something. False: nobody wants it.
  bool wait_for_input();
  // Handles what comes until then but for input. Whether there is input.
  bool wait(bool wants_input);
  int timeout_in_milliseconds() const;
  void handle_signals();

  void send(const std::string& line);
  void flush();
  void release_held();
  void leave_when_quiet();
  // When everything is sent, and nothing has come for so long. Nothing: not foreseeable.
  std::optional<Clock::time_point> quiet_at() const;
  void leave();

  ConnectOptions options_;
  SignalPipe signals_;
  EventLoop loop_;
  Screen screen_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<LineSource> source_;
  bool is_edited_ = false;

  bool has_input_ended_ = false;
  bool has_output_ended_ = false;
  bool has_refused_line_ = false;
  bool is_in_key_ = false;  // what is shown must wait for its end
  bool is_leaving_ = false;
  bool is_killed_ = false;
  int exit_code_ = not_connected;
  Clock::time_point last_heard_ = Clock::now();
  Connection* holder_ = nullptr;  // of what is held; null: it has ended
  std::size_t held_ = 0;          // bytes of messages that are not written yet
};

}  // namespace simws::host
