#include "host/commands/terminal_client.h"

#include "base/seconds_text.h"
#include "host/commands/line_editor.h"
#include "host/commands/message_text.h"
#include "host/commands/plain_lines.h"
#include "host/program.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <utility>

namespace simws::host {

namespace {

// While more waits to be sent no line is read.
constexpr std::size_t much_queued = std::size_t{1} << 20;

// More than clocks can count.
constexpr Seconds endless{1e9};

bool is_good(CloseCode code) {
  return code == CloseCode::normal || code == CloseCode::going_away ||
         code == CloseCode::no_status_received;
}

std::string describe_close(const ConnectionInfo& info, CloseCode code) {
  std::string text = "closed with " + std::to_string(static_cast<int>(code));
  if (!info.close_reason.empty()) text += " (" + info.close_reason + ")";
  return info.error.empty() ? text : text + ": " + info.error;
}

ScreenStyle style_of(const ConnectOptions& options) {
  ScreenStyle style = ScreenStyle::of_environment();
  style.binary = options.binary;
  return style;
}

}  // namespace

TerminalClient::TerminalClient(ConnectOptions options)
    : options_(std::move(options)), screen_(style_of(options_)) {
  options_.client.keep_queue = true;
  options_.client.logger = [this](LogLevel level, std::string_view line) {
    if (level >= LogLevel::error) screen_.complain(line);
  };
}

int TerminalClient::run() {
  auto client = Client::connect(loop_, options_.uri, options_.client, make_handlers());
  if (!client) return fail(client.error().message);
  client_ = std::move(*client);
  source_ = make_source();
  while (!is_done()) turn();
  source_->hide();
  screen_.output().flush(screen_.style().is_terminal && !is_killed_);
  source_.reset();
  if (is_killed_) return 128 + SIGINT;
  const bool is_wrong = has_refused_line_ && !is_edited_ && exit_code_ == closed_well;
  return is_wrong ? usage_error : exit_code_;
}

std::unique_ptr<LineSource> TerminalClient::make_source() {
  is_edited_ = screen_.style().has_notes && screen_.style().can_move && isatty(STDIN_FILENO) != 0;
  if (!is_edited_) {
    return std::make_unique<PlainLines>(STDIN_FILENO, options_.client.max_queued_bytes);
  }
  return std::make_unique<LineEditor>(LineHistory(LineHistory::users_file()),
                                      screen_.style().in_colour,
                                      [this] { return wait_for_input(); });
}

ClientHandlers TerminalClient::make_handlers() {
  ClientHandlers handlers;
  handlers.open = [this](Connection& connection) { on_open(connection); };
  handlers.fail = [this](Connection& connection) { on_fail(connection); };
  handlers.close = [this](Connection& connection) { on_close(connection); };
  handlers.message = [this](Connection& connection, std::string_view data, Opcode opcode) {
    on_message(connection, data, opcode);
  };
  handlers.release = [this](Connection& connection) { on_release(connection); };
  return handlers;
}

void TerminalClient::on_open(Connection& connection) {
  release_held();
  holder_ = &connection;
  last_heard_ = Clock::now();
  const std::string subprotocol = connection.info().subprotocol;
  screen_.note("connected to " + client_->info().uri +
               (subprotocol.empty() ? "" : " with subprotocol " + subprotocol) +
               (is_edited_ ? "; Ctrl-D ends" : ""));
}

void TerminalClient::on_fail(Connection& connection) {
  if (is_leaving_) return;
  exit_code_ = not_connected;
  screen_.complain("cannot connect to " + client_->info().uri + ": " + connection.info().error +
                   next_attempt());
}

void TerminalClient::on_close(Connection& connection) {
  const ConnectionInfo info = connection.info();
  const CloseCode code = info.close_code.value_or(CloseCode::abnormal_closure);
  const std::string text = describe_close(info, code) + next_attempt();
  exit_code_ = is_good(code) ? closed_well : closed_ill;
  if (exit_code_ == closed_well) {
    screen_.note(text);
  } else {
    screen_.complain(text);
  }
}

void TerminalClient::on_message(Connection& connection, std::string_view data, Opcode opcode) {
  last_heard_ = Clock::now();
  if (has_output_ended_) return;
  screen_.show_message(data, opcode);
  connection.hold_pending(data.size());
  held_ += data.size();
}

void TerminalClient::on_release(Connection& connection) {
  if (holder_ == &connection) holder_ = nullptr;
}

std::string TerminalClient::next_attempt() const {
  const auto next = client_->info().next_attempt;
  return next && !is_leaving_ ? "; trying again " + when(*next) : "";
}

bool TerminalClient::is_done() {
  if (is_killed_) return true;
  const bool is_written = has_output_ended_ || screen_.output().is_empty();
  return client_->info().state == ClientState::closed && is_written;
}

void TerminalClient::turn() {
  if (wait(wants_lines())) read_lines();
  flush();
  leave_when_quiet();
}

bool TerminalClient::wants_lines() const {
  return !has_input_ended_ && !is_leaving_ && client_->info().queued_bytes < much_queued;
}

void TerminalClient::read_lines() {
  is_in_key_ = true;
  has_input_ended_ = !source_->read([this](const std::string& line) { send(line); });
  is_in_key_ = false;
  if (has_input_ended_ && is_edited_) leave();
}

bool TerminalClient::wait_for_input() {
  while (!is_leaving_ && client_->info().state != ClientState::closed) {
    if (wait(true)) return true;
  }
  return false;
}

bool TerminalClient::wait(bool wants_input) {
  std::array watched{
      pollfd{wants_input ? STDIN_FILENO : -1, POLLIN, 0},
      pollfd{signals_.descriptor(), POLLIN, 0},
      pollfd{loop_.fileno(), POLLIN, 0},
      pollfd{has_output_ended_ ? -1 : STDOUT_FILENO,
             static_cast<short>(screen_.output().is_empty() ? 0 : POLLOUT), 0},
  };
  const int ready = poll(watched.data(), watched.size(), timeout_in_milliseconds());
  if (ready > 0 && watched[1].revents != 0) handle_signals();
  loop_.poll();
  if (ready > 0 && (watched[3].revents & (POLLERR | POLLNVAL)) != 0) has_output_ended_ = true;
  if (has_output_ended_) leave();
  return ready > 0 && watched[0].revents != 0;
}

int TerminalClient::timeout_in_milliseconds() const {
  constexpr double day = 86400;
  const Seconds timer = loop_.next_timeout();
  double seconds = timer.count() < 0 ? day : timer.count();
  if (const auto quiet = quiet_at()) {
    seconds = std::min(seconds, Seconds(*quiet - Clock::now()).count());
  }
  return static_cast<int>(std::ceil(std::clamp(seconds, 0.0, day) * 1000));
}

void TerminalClient::handle_signals() {
  while (const int number = signals_.take()) {
    if (number == SIGWINCH) {
      source_->resize();
    } else if (number == SIGTSTP) {
      source_->leave_terminal();
      raise(SIGSTOP);
    } else if (number == SIGCONT) {
      source_->take_terminal();
    } else {
      is_killed_ = is_leaving_;
      leave();
    }
  }
}

void TerminalClient::send(const std::string& line) {
  const auto bytes = options_.binary ? from_hex(line) : line;
  if (!bytes) {
    has_refused_line_ = true;
    screen_.complain("not sent: '" + line + "' is no hex, such as 00ff");
    return;
  }
  const auto sent = client_->send(*bytes, options_.binary ? Opcode::binary : Opcode::text);
  if (!sent || !*sent) {
    has_refused_line_ = true;
    screen_.complain("not sent: " + (sent ? "the connection is closed" : sent.error().message));
  }
  last_heard_ = Clock::now();
}

void TerminalClient::flush() {
  OutputQueue& output = screen_.output();
  if (is_in_key_ || has_output_ended_) return;
  if (!output.is_empty()) {
    source_->hide();
    has_output_ended_ = !output.flush(screen_.style().is_terminal);
    source_->show();
  }
  if (has_output_ended_) leave();
  if (output.is_empty() || has_output_ended_) release_held();
}

void TerminalClient::release_held() {
  const std::size_t held = std::exchange(held_, 0);
  if (held == 0) return;
  if (holder_) {
    holder_->release_pending(held);
  } else {
    client_->release_pending(held);
  }
}

void TerminalClient::leave_when_quiet() {
  const auto quiet = quiet_at();
  if (quiet && Clock::now() >= *quiet) leave();
}

std::optional<TerminalClient::Clock::time_point> TerminalClient::quiet_at() const {
  if (!has_input_ended_ || is_leaving_ || options_.wait > endless) return {};
  const ClientInfo info = client_->info();
  if (info.state != ClientState::open || info.queued_bytes > 0) return {};
  return last_heard_ + std::chrono::duration_cast<Clock::duration>(options_.wait);
}

void TerminalClient::leave() {
  if (std::exchange(is_leaving_, true)) return;
  if (Connection* const connection = client_->connection()) {
    (void)connection->close();
  } else {
    client_->disconnect();
  }
}

}  // namespace simws::host
