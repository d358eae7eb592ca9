// A client that writes what a server sends to a file.
#pragma once

#include "host/commands/topic_viewer.h"
#include "recording/entry.h"
#include "recording/output_file.h"

#include <simws/client.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace simws::host {

struct RecordOptions {
  std::string uri;
  ClientOptions client;
  std::string file;                 // "-": standard output
  std::vector<std::string> topics;  // empty: what comes by itself
  std::optional<Seconds> seconds;   // from when it was open first; none: no end
  std::uint64_t messages = 0;       // then it's over; 0: no end
};

// What `run` returns besides usage_error.
inline constexpr int recorded_well = 0;
inline constexpr int not_recorded = 1;  // no connection, or the file could not be written
inline constexpr int recorded_ill = 3;  // the server has closed it with a code that says so

// Connects again when the connection is lost. While the disk is slow it doesn't read, so that
// nothing is lost here.
class StreamRecorder {
 public:
  explicit StreamRecorder(RecordOptions options);

  // Until a signal, a bound, or the server ends it; returns the exit code.
  int run();

 private:
  using Clock = std::chrono::steady_clock;

  ClientHandlers make_handlers();
  std::optional<TopicViewer> make_viewer();
  void on_open(Connection& connection);
  void on_fail(Connection& connection);
  void on_close(Connection& connection);
  void on_message(std::string_view data, Opcode opcode);
  bool begin(const ConnectionInfo& info);
  void note(const TopicViewer::News& news);
  void add(const recording::Entry& entry);
  void write();
  void flush_later();
  bool check(const Result<void>& done);
  void end(int exit_code);
  void tell_problem(const std::string& words);
  void tell_end() const;
  std::uint64_t time() const;
  std::string next_attempt() const;

  RecordOptions options_;
  EventLoop loop_;
  std::unique_ptr<Client> client_;
  std::optional<TopicViewer> viewer_;            // none: messages are recorded as they come
  std::unique_ptr<recording::OutputFile> file_;  // once it was open
  std::string lines_;                            // that aren't written yet
  bool will_write_ = false;
  Clock::time_point began_{};
  Opcode opcode_ = Opcode::text;  // of the message being handled
  std::uint64_t connections_ = 0;
  std::uint64_t messages_ = 0;
  int exit_code_ = recorded_well;
  bool has_ended_ = false;
};

}  // namespace simws::host
