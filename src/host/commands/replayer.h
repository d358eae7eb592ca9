// Sends what was recorded to whoever is connected, at its times.
#pragma once

#include "recording/input_file.h"

#include <simws/server.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace simws::host {

struct ReplayOptions {
  double speed = 1;
  bool loops = false;    // from the start again, without end
  bool waits = false;    // for the first viewer
  bool retains = false;  // of each topic and key the latest, whatever the recording says
};

class Replayer {
 public:
  Replayer(std::unique_ptr<recording::InputFile> file, ReplayOptions options);

  ServerHandlers handlers();
  // REQUIRES: both outlive the loop's run. At its end the loop is stopped.
  void attach(Server& server, EventLoop& loop);

  // What it is, in words: "serves run.jsonl, recorded ... ".
  std::string describe() const;
  // At the end; empty: it has gone well.
  const std::string& problem() const { return problem_; }
  std::string summary() const;

 private:
  using Clock = std::chrono::steady_clock;

  void on_open(Connection& connection);
  void on_http(Connection& connection, const HttpRequest& request);
  void begin();
  void step();
  // False: there's nothing more.
  bool read_next();
  bool begin_again();
  bool is_retained(const recording::Message& message) const;
  void send(const recording::Message& message);
  Clock::time_point due() const;
  void end();

  const std::unique_ptr<recording::InputFile> file_;
  const ReplayOptions options_;
  Server* server_ = nullptr;
  EventLoop* loop_ = nullptr;
  bool has_begun_ = false;
  Clock::time_point begin_{};  // of this round
  std::optional<recording::Entry> next_;
  std::uint64_t latest_ = 0;  // the time of the entry before, in microseconds
  std::uint64_t sent_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t in_round_ = 0;  // messages of this round
  std::string first_refusal_;
  std::string problem_;
};

}  // namespace simws::host
