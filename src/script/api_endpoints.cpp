// Servers and clients: their beginning, their end, and their handlers.
#include "script/api.h"
#include "script/describe.h"
#include "script/endpoint_options.h"
#include "script/handle_arguments.h"

#include <cstdint>
#include <string>
#include <utility>

namespace simws::script {

Result<Value> Api::start(const Arguments& arguments) {
  const std::int64_t port = arguments.integer(0, 0);
  if (port < 0 || port > 65535) {
    return Error{ErrorCode::invalid_argument, "argument 1 (listenPort) must be 0 to 65535, not " +
                                                  describe(arguments[0], engine_.words())};
  }
  const auto budget = script::pass_budget(engine_);
  if (!budget) return budget.error();
  auto options = make_server_options(engine_, arguments[1]);
  if (!options) return options.error();
  options->logger = make_logger();
  options->log_board = log_->board();
  if (start_note_) options->start_note = start_note_(*options);
  choose_log();
  options->shows_token = logs_to_terminal();
  if (auto prepared = prepare_network(); !prepared) return std::move(prepared).error();
  const auto server = dispatcher_.start(static_cast<int>(port), std::move(*options));
  if (server) pass_budget_ = *budget;
  return keep_handle(server);
}

Result<Value> Api::connect(const Arguments& arguments) {
  auto options = make_client_options(engine_, arguments[1]);
  if (!options) return options.error();
  if (!options->proxy && !asks_environment_for_proxy_) options->proxy = "";
  options->logger = make_logger();
  choose_log();
  if (auto prepared = prepare_network(); !prepared) return std::move(prepared).error();
  return keep_handle(dispatcher_.connect(arguments.text(0), std::move(*options)));
}

Logger Api::make_logger() const {
  return [log = log_](LogLevel level, std::string_view line) { log->write(level, line); };
}

// A script that is busy before it serves still answers handshakes and pings.
Result<void> Api::prepare_network() {
  if (is_delivering()) return {};
  return network_.drive_by_thread();
}

Result<Value> Api::keep_handle(const Result<dispatch::EndpointId>& endpoint) {
  if (!endpoint) return endpoint.error();
  try {
    handlers_.add(*endpoint);
    return Value{std::string(HandleText(*endpoint).view())};
  } catch (...) {
    (void)dispatcher_.stop(*endpoint);  // nobody would have its handle
    throw;
  }
}

Result<Value> Api::stop(const Arguments& arguments) {
  return end(server_argument(arguments.text(0)));
}

Result<Value> Api::disconnect(const Arguments& arguments) {
  return end(client_argument(arguments.text(0)));
}

Result<Value> Api::end(const Result<dispatch::EndpointId>& endpoint) {
  if (!endpoint) return endpoint.error();
  const auto stopped = dispatcher_.stop(*endpoint);
  if (!stopped) return explain(stopped.error(), *endpoint);
  handlers_.remove(*endpoint);
  return Value{};
}

Result<Value> Api::serve_files(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto served = dispatcher_.serve_files(
      *server, arguments.text(1), std::string(arguments.text(2)), make_file_options(arguments[3]));
  if (!served) return explain(served.error(), *server);
  return Value{};
}

// Often a name that is misspelt, or the result of a call: both are nil.
void Api::note_cleared(dispatch::EventKind kind, dispatch::EndpointId endpoint) const {
  std::string line(HandleText(endpoint).view());
  line.append(": the ").append(dispatch::event_name(kind)).append(" handler is cleared");
  log(LogLevel::info, line);
}

Result<Value> Api::set_handler(dispatch::EventKind kind, const Arguments& arguments) {
  using Kind = dispatch::EventKind;
  const bool is_servers = kind == Kind::http || kind == Kind::upgrade || kind == Kind::drop;
  const auto endpoint =
      is_servers ? server_argument(arguments.text(0)) : endpoint_argument(arguments.text(0));
  if (!endpoint) return endpoint.error();
  const auto set = handlers_.set(*endpoint, callback_kind(kind), arguments[1]);
  if (!set) return set.error();
  if (!*set) return explain({ErrorCode::invalid_handle, ""}, *endpoint);
  const bool is_cleared = !handlers_.find(*endpoint, callback_kind(kind));
  if (is_cleared) note_cleared(kind, *endpoint);
  if (kind == dispatch::EventKind::upgrade) {
    const auto told = dispatcher_.set_deciding(*endpoint, !is_cleared);
    if (!told) return explain(told.error(), *endpoint);
  }
  return Value{};
}

}  // namespace simws::script
