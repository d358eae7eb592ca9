#include "host/commands/stream_recorder.h"

#include "base/seconds_text.h"
#include "host/commands/end_signals.h"
#include "host/program.h"
#include "protocol/topics/topic_messages.h"
#include "recording/line_writer.h"

#include <iostream>
#include <utility>

namespace simws::host {

namespace {

// Of messages that come in parts.
constexpr std::size_t most_in_parts = std::size_t{64} << 20;
// What a crash may take.
constexpr Seconds between_flushes{1};
// Lines are written together.
constexpr std::size_t together = std::size_t{256} << 10;

bool is_good(CloseCode code) {
  return code == CloseCode::normal || code == CloseCode::going_away ||
         code == CloseCode::no_status_received;
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

void tell(const std::string& words) {
  std::cerr << "simws: " << words << '\n';
}

}  // namespace

StreamRecorder::StreamRecorder(RecordOptions options)
    : options_(std::move(options)), viewer_(make_viewer()) {
  ClientOptions& client = options_.client;
  client.reconnect.emplace();
  if (viewer_) client.subprotocols.emplace_back(protocol::topics_subprotocol);
  client.logger = [](LogLevel level, std::string_view line) {
    if (level >= LogLevel::error) tell(std::string(line));
  };
}

std::optional<TopicViewer> StreamRecorder::make_viewer() {
  if (options_.topics.empty()) return std::nullopt;
  return TopicViewer(options_.topics, most_in_parts,
                     {[this](const TopicViewer::News& news) { note(news); },
                      [this](const std::string& answer) { (void)client_->send(answer); },
                      [this](const std::string& words) { tell_problem(words); }, tell});
}

int StreamRecorder::run() {
  const EndSignals signals(loop_);
  auto client = Client::connect(loop_, options_.uri, options_.client, make_handlers());
  if (!client) return fail(client.error().message);
  client_ = std::move(*client);
  loop_.run();
  has_ended_ = true;
  client_->disconnect();
  loop_.drain(options_.client.close_timeout);
  write();
  if (!file_) return exit_code_ == recorded_well ? not_recorded : exit_code_;
  (void)check(file_->finish());
  tell_end();
  return exit_code_;
}

ClientHandlers StreamRecorder::make_handlers() {
  ClientHandlers handlers;
  handlers.open = [this](Connection& connection) { on_open(connection); };
  handlers.fail = [this](Connection& connection) { on_fail(connection); };
  handlers.close = [this](Connection& connection) { on_close(connection); };
  handlers.message = [this](Connection&, std::string_view data, Opcode opcode) {
    on_message(data, opcode);
  };
  return handlers;
}

// The file that is there stays until there's something to put in its place.
bool StreamRecorder::begin(const ConnectionInfo& info) {
  if (options_.file == "-") {
    file_ = recording::OutputFile::standard_output();
  } else {
    auto created = recording::OutputFile::create(options_.file);
    if (!check(created ? Result<void>() : Result<void>(created.error()))) return false;
    file_ = std::move(created).value();
  }
  began_ = Clock::now();
  tell("records " + client_->info().uri + " to " + file_->name() + "; Ctrl-C ends it");
  recording::append_line(lines_, {recording::rfc3339(std::chrono::system_clock::now()),
                                  client_->info().uri,
                                  {},
                                  info.subprotocol});
  if (options_.seconds) loop_.call_after(*options_.seconds, [this] { end(recorded_well); });
  flush_later();
  return true;
}

void StreamRecorder::on_open(Connection& connection) {
  const ConnectionInfo info = connection.info();
  if (!file_ && !begin(info)) return;
  if (connections_ > 0) tell("connected again");
  add({time(), recording::Opened{++connections_, info.remote_address}});
  if (viewer_) viewer_->open(info.subprotocol);
}

// Before the first success there's nothing to go on with.
void StreamRecorder::on_fail(Connection& connection) {
  if (has_ended_) return;
  tell("cannot connect to " + client_->info().uri + ": " + connection.info().error +
       next_attempt());
  const bool is_over = client_->state() == ClientState::closed;
  if (connections_ == 0 || is_over) end(connections_ == 0 ? not_recorded : recorded_ill);
}

void StreamRecorder::on_close(Connection& connection) {
  const ConnectionInfo info = connection.info();
  const CloseCode code = info.close_code.value_or(CloseCode::abnormal_closure);
  add({time(), recording::Closed{connections_, static_cast<int>(code),
                                 std::string_view(info.close_reason)}});
  if (has_ended_) return;
  const std::string reason = info.close_reason.empty() ? "" : " (" + info.close_reason + ")";
  tell("closed with " + std::to_string(static_cast<int>(code)) + reason + next_attempt());
  if (client_->state() == ClientState::closed) end(is_good(code) ? recorded_well : recorded_ill);
}

void StreamRecorder::on_message(std::string_view data, Opcode opcode) {
  if (has_ended_) return;
  opcode_ = opcode;
  if (viewer_) {
    viewer_->receive(data);
  } else {
    note({{}, {}, data});
  }
}

void StreamRecorder::note(const TopicViewer::News& news) {
  recording::Message message{news.data, opcode_};
  message.topic = news.topic;
  message.key = news.key;
  add({time(), message});
  if (++messages_ == options_.messages) end(recorded_well);
}

void StreamRecorder::add(const recording::Entry& entry) {
  recording::append_line(lines_, entry);
  if (lines_.size() >= together) return write();
  if (std::exchange(will_write_, true)) return;
  loop_.post([this] { write(); });
}

void StreamRecorder::write() {
  will_write_ = false;
  if (!file_ || lines_.empty()) return;
  (void)check(file_->write(lines_));
  lines_.clear();
}

void StreamRecorder::flush_later() {
  loop_.call_after(between_flushes, [this] {
    if (file_->needs_flush() && !check(file_->flush())) return;
    if (!has_ended_) flush_later();
  });
}

bool StreamRecorder::check(const Result<void>& done) {
  if (done) return true;
  if (!has_ended_ || exit_code_ == recorded_well) tell(done.error().message);
  end(not_recorded);
  return false;
}

void StreamRecorder::end(int exit_code) {
  if (exit_code_ == recorded_well) exit_code_ = exit_code;
  if (std::exchange(has_ended_, true)) return;
  loop_.stop();
}

void StreamRecorder::tell_problem(const std::string& words) {
  if (has_ended_) return;
  tell(words);
  end(not_recorded);
}

void StreamRecorder::tell_end() const {
  const std::uint64_t losses = connections_ > 0 ? connections_ - 1 : 0;
  tell("recorded " + counted(messages_, "message") + " in " +
       in_seconds(Seconds(static_cast<double>(time()) / 1e6)) + " to " + file_->name() + " (" +
       counted(file_->size(), "byte") + ")" +
       (losses == 0 ? "" : "; the connection was lost " + counted(losses, "time")));
}

std::uint64_t StreamRecorder::time() const {
  using std::chrono::duration_cast;
  const auto since = duration_cast<std::chrono::microseconds>(Clock::now() - began_);
  return static_cast<std::uint64_t>(since.count());
}

std::string StreamRecorder::next_attempt() const {
  const auto next = client_->info().next_attempt;
  if (!next || connections_ == 0 || has_ended_) return "";
  return "; trying again " + when(*next);
}

}  // namespace simws::host
