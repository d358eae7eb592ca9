#include "base/log_writer.h"

#include "base/thread.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace simws {

namespace {

// How soon a thread that waits for the output sees that the program ends.
constexpr std::chrono::milliseconds between_looks{50};

std::string tell_left_out(std::size_t count) {
  return "simWS: warning: " + std::to_string(count) +
         (count == 1 ? " line was left out" : " lines were left out") +
         ": nobody reads the log fast enough\n";
}

}  // namespace

bool LogWriter::Buffer::has_room(std::size_t size) const {
  if (lines.empty()) return true;
  return left_out == 0 && lines.size() < most_lines && bytes + size <= most_bytes;
}

void LogWriter::Buffer::add(std::string line) {
  bytes += line.size();
  lines.push_back(std::move(line));
  ++lines_taken;
}

void LogWriter::Buffer::remove_written(std::size_t count) {
  written_of_first += count;
  if (written_of_first < lines.front().size()) return;
  bytes -= lines.front().size();
  lines.pop_front();
  written_of_first = 0;
  ++lines_written;
  if (lines.empty() && left_out > 0) add(tell_left_out(std::exchange(left_out, 0)));
  changed.notify_all();
}

// On the writer's thread, until the end.
void LogWriter::Buffer::write_all() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return !lines.empty() || ends_at; });
    if (lines.empty() || (ends_at && Clock::now() >= *ends_at)) break;
    const std::string_view rest = std::string_view(lines.front()).substr(written_of_first);
    lock.unlock();
    const std::size_t count = output->write(rest, between_looks);
    lock.lock();
    remove_written(count);
  }
  has_thread_ended = true;
  changed.notify_all();
}

LogWriter::LogWriter(std::unique_ptr<LogOutput> output) : buffer_(std::make_shared<Buffer>()) {
  buffer_->output = std::move(output);
}

LogWriter::~LogWriter() {
  finish();
}

void LogWriter::write(std::string line) {
  Buffer& buffer = *buffer_;
  if (buffer.output->is_forked()) {
    buffer.output->write_at_once(line);
    return;
  }
  const std::lock_guard lock(buffer.mutex);
  if (write_at_once(line)) return;
  if (buffer.has_room(line.size())) {
    add(std::move(line));
  } else {
    ++buffer.left_out;
  }
}

void LogWriter::write_and_wait(std::string line, const std::function<bool()>& gives_up) {
  Buffer& buffer = *buffer_;
  if (buffer.output->is_forked()) return write(std::move(line));
  std::unique_lock lock(buffer.mutex);
  if (write_at_once(line)) return;
  add(std::move(line));
  const std::uint64_t number = buffer.lines_taken;
  const auto is_over = [&] { return buffer.lines_written >= number || buffer.has_thread_ended; };
  while (!buffer.changed.wait_for(lock, between_looks, is_over)) {
    lock.unlock();
    if (gives_up()) return;
    lock.lock();
    start();
  }
}

bool LogWriter::write_at_once(std::string& line) {
  if (buffer_->lines.empty()) line.erase(0, buffer_->output->write_at_once(line));
  return line.empty() || buffer_->ends_at;
}

void LogWriter::add(std::string line) {
  buffer_->add(std::move(line));
  start();
  buffer_->changed.notify_all();
}

// Without a thread lines wait, and it's tried again with the next.
void LogWriter::start() {
  if (thread_.joinable() || buffer_->ends_at) return;
  try {
    thread_ = start_thread([buffer = buffer_] { buffer->write_all(); });
  } catch (const std::system_error&) {
  }
}

void LogWriter::finish(std::chrono::milliseconds longest) {
  Buffer& buffer = *buffer_;
  if (buffer.output->is_forked()) {
    if (thread_.joinable()) thread_.detach();
    return;
  }
  std::unique_lock lock(buffer.mutex);
  buffer.ends_at = Clock::now() + longest;
  buffer.changed.notify_all();
  if (!thread_.joinable()) return;
  buffer.changed.wait_until(lock, *buffer.ends_at + between_looks,
                            [&] { return buffer.has_thread_ended; });
  const bool has_ended = buffer.has_thread_ended;
  lock.unlock();
  has_ended ? thread_.join() : thread_.detach();
}

}  // namespace simws
