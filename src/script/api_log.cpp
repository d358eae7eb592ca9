// How lines of the log reach the script's own handler, or its language's log.
#include "base/clock.h"
#include "base/log.h"
#include "base/restored.h"
#include "script/api.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace simws::script {

namespace {

// Whose level may change.
Logger make_stderr_logger(std::shared_ptr<LogBoard> board) {
  return [board = std::move(board), write = simws::make_stderr_logger(LogLevel::debug)](
             LogLevel level, std::string_view line) {
    if (level >= board->least()) write(level, line);
  };
}

}  // namespace

std::shared_ptr<ScriptLog> Api::make_log(const Settings& settings) {
  auto board = std::make_shared<LogBoard>(settings.log_level);
  Logger host = settings.logger ? settings.logger : make_stderr_logger(board);
  // A script that is to end waits for nobody.
  Logger errors =
      settings.logger ? settings.logger : make_waiting_stderr_logger(settings.log_level, [this] {
        return engine_.is_interrupted();
      });
  return std::make_shared<ScriptLog>(std::move(host), std::move(errors), std::move(board),
                                     [this] { dispatcher_.interrupt(); });
}

void Api::choose_log() {
  uses_language_log_ = !handlers_.find(no_endpoint, CallbackKind::log) && engine_.has_log();
  log_->keep_lines(uses_language_log_ || handlers_.find(no_endpoint, CallbackKind::log));
}

// A handler of the script's, or its language's log, may write anywhere.
bool Api::logs_to_terminal() const {
  return logs_to_stderr_ && !log_->keeps_lines() && is_stderr_terminal();
}

Result<Value> Api::set_log_handler(const Arguments& arguments) {
  const auto set = handlers_.set(no_endpoint, CallbackKind::log, arguments[0]);
  if (!set) return set.error();
  choose_log();
  return Value{};
}

std::size_t Api::deliver_log(Seconds budget) {
  if (is_handling_log_) return 0;
  log_pass_ends_ = false;
  if (!log_->has_waiting() || has_ended_) return 0;
  const Time end = Clock::now() + std::chrono::duration_cast<Duration>(budget);
  const Restored<bool> handling_log(is_handling_log_, true);
  std::size_t count = 0;
  do {
    const auto line = log_->take();
    if (!line) break;
    ++count;
    const ScriptLog::Handling handling(*log_);
    hand_on(*line);
  } while (!log_pass_ends_ && !has_ended_ && Clock::now() < end);
  return count;
}

void Api::hand_on(const ScriptLog::Line& line) {
  if (uses_language_log_) return engine_.write_log(line.level, line.text);
  Callback* const callback = handlers_.find(no_endpoint, CallbackKind::log);
  if (!callback) return log_->write_to_host(line.level, line.text);
  const Handlers::Running running(handlers_);
  const auto arity = engine_.find(*callback);
  if (!arity) return hand_on_in_vain(line, *callback);

  const std::array<Value, 2> arguments = {data_value(level_name(line.level), DataKind::text),
                                          data_value(line.text, DataKind::text)};
  const CallbackRow& row = callback_row(CallbackKind::log);
  const std::size_t count = std::clamp(*arity, row.always, row.parameters.size());
  const auto called = engine_.call(std::span(arguments).first(count), {});
  if (called) return;
  if (called.error().code == ErrorCode::callback_missing) return hand_on_in_vain(line, *callback);
  log_of(*callback, no_endpoint, called.error().message);
}

// There's no such function.
void Api::hand_on_in_vain(const ScriptLog::Line& line, Callback& callback) {
  report_missing(callback, no_endpoint);
  log_->write_to_host(line.level, line.text);
}

}  // namespace simws::script
