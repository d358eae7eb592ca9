#include "endpoint/recording_work.h"

#include "base/thread.h"
#include "recording/line_writer.h"

#include <optional>
#include <utility>

namespace simws::endpoint {

namespace {

// Lines are written together, so much at a time.
constexpr std::size_t together = std::size_t{256} << 10;
// Unfinished messages, of all connections.
constexpr std::size_t most_in_fragments = std::size_t{64} << 20;

}  // namespace

RecordingWork::RecordingWork(std::unique_ptr<recording::OutputFile> file,
                             const recording::Header& header)
    : file_(std::move(file)), fragments_(most_in_fragments) {
  recording::append_line(text_, header);
}

void RecordingWork::work() noexcept {
  const std::lock_guard lock(working_);
  do_order();
}

void RecordingWork::do_order() noexcept {
  const Order order = std::exchange(order_, {});
  if (!result_) return;
  try {
    result_ = write(order);
    has_finished_ = order.finish;
  } catch (...) {
    result_ = Error{ErrorCode::unavailable, "out of memory"};  // which needs none itself
  }
}

Result<void> RecordingWork::write(const Order& order) {
  for (const auto& group : order.batch.groups()) {
    for (const RecordingBatch::Item& item : group) {
      append(item);
      if (text_.size() < together) continue;
      if (auto written = write_text(); !written) return written;
    }
  }
  if (auto written = write_text(); !written) return written;
  if (order.finish) return file_->finish();
  return order.flush ? file_->flush() : Result<void>();
}

// What a large message took isn't kept.
Result<void> RecordingWork::write_text() {
  if (text_.empty()) return {};
  auto written = file_->write(text_);
  text_.clear();
  if (text_.capacity() > 2 * together) text_ = {};
  return written;
}

void RecordingWork::append(const RecordingBatch::Item& item) {
  if (const auto* const message = std::get_if<recording::Message>(&item.entry.what)) {
    return append_message(item.entry.time, *message, item.fin);
  }
  if (const auto* const closed = std::get_if<recording::Closed>(&item.entry.what)) {
    fragments_.forget(closed->connection);
  }
  recording::append_line(text_, item.entry);
}

void RecordingWork::append_message(std::uint64_t time, const recording::Message& message,
                                   bool fin) {
  std::optional<recording::Fragments::Whole> whole;
  const std::size_t lost = fragments_.add(message.to, message.data, message.opcode, fin, whole);
  if (lost > 0) recording::append_line(text_, {time, recording::Lost{1, lost}});
  if (!whole) return;
  recording::Message as_whole = message;
  as_whole.data = whole->data;
  as_whole.opcode = whole->opcode;
  recording::append_line(text_, {time, as_whole});
}

void RecordingWork::end(Order order) noexcept {
  last_ = std::move(order);
  try {
    start_unawaited_thread([self = shared_from_this()] { self->work_last(); });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest_end, [this] { return has_ended_; });
  } catch (...) {
    // The system has no thread, or no memory: the file ends where it was flushed last.
  }
}

void RecordingWork::work_last() noexcept {
  {
    const std::lock_guard lock(working_);
    do_order();  // one that nobody has begun
    order_ = std::move(last_);
    do_order();
  }
  const std::lock_guard lock(mutex_);
  has_ended_ = true;
  changed_.notify_all();
}

}  // namespace simws::endpoint
