// Writes what is recorded, where it may wait for a disk.
#pragma once

#include "endpoint/recording_batch.h"
#include "recording/fragments.h"
#include "recording/output_file.h"

#include <simws/result.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace simws::endpoint {

// Between two orders it belongs to the loop's thread, from an order to its end to the one that
// works.
class RecordingWork : public std::enable_shared_from_this<RecordingWork> {
 public:
  // How long the end of a loop waits for what isn't written yet.
  static constexpr std::chrono::milliseconds longest_end{300};

  RecordingWork(std::unique_ptr<recording::OutputFile> file, const recording::Header& header);

  struct Order {
    RecordingBatch batch;
    bool flush = false;   // it can be read afterwards
    bool finish = false;  // nothing follows
  };
  // The next thing to do; taken back where nobody can do it.
  void give(Order order) { order_ = std::move(order); }
  Order take_back() { return std::exchange(order_, {}); }
  // Does it.
  void work() noexcept;

  // The error, if there was one, is kept: nothing more is written.
  const Result<void>& result() const { return result_; }
  bool needs_flush() const { return file_->needs_flush(); }
  bool has_finished() const { return has_finished_; }
  const std::string& file_name() const { return file_->name(); }

  // The loop ends: `order`, behind the one under way, if there is one, is done by a thread of its
  // own, which is waited for a little.
  void end(Order order) noexcept;

 private:
  void work_last() noexcept;
  void do_order() noexcept;
  Result<void> write(const Order& order);
  Result<void> write_text();
  void append(const RecordingBatch::Item& item);
  void append_message(std::uint64_t time, const recording::Message& message, bool fin);

  std::mutex working_;  // held by who works
  Order order_;
  Order last_;
  const std::unique_ptr<recording::OutputFile> file_;
  recording::Fragments fragments_;
  std::string text_;  // lines that aren't written yet
  Result<void> result_;
  bool has_finished_ = false;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_ended_ = false;  // guarded by mutex_
};

}  // namespace simws::endpoint
