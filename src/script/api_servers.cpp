// Starting, stopping, and setting handlers.
#include "script/api.h"
#include "script/describe.h"
#include "script/handle_arguments.h"
#include "script/server_options.h"

#include <cstdint>
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
  options->logger = [log = log_](LogLevel level, std::string_view line) {
    log->write(level, line);
  };
  if (start_note_) options->start_note = start_note_(*options);
  choose_log();

  // A script that is busy before it serves still answers handshakes and pings.
  if (!is_delivering()) {
    if (auto driven = network_.drive_by_thread(); !driven) return std::move(driven).error();
  }
  const auto server = dispatcher_.start(static_cast<int>(port), std::move(*options));
  if (!server) return server.error();
  pass_budget_ = *budget;
  try {
    handlers_.add(*server);
    return Value{std::string(HandleText(*server).view())};
  } catch (...) {
    (void)dispatcher_.stop(*server);  // nobody would have its handle
    throw;
  }
}

Result<Value> Api::stop(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto stopped = dispatcher_.stop(*server);
  if (!stopped) return explain(stopped.error(), *server);
  handlers_.remove(*server);
  return Value{};
}

// Often a name that is misspelt, or the result of a call: both are nil.
void Api::note_cleared(dispatch::EventKind kind, dispatch::EndpointId server) const {
  std::string line(HandleText(server).view());
  line.append(": the ").append(dispatch::event_name(kind)).append(" handler is cleared");
  log(LogLevel::info, line);
}

Result<Value> Api::set_handler(dispatch::EventKind kind, const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto set = handlers_.set(*server, callback_kind(kind), arguments[1]);
  if (!set) return set.error();
  if (!*set) return explain({ErrorCode::invalid_handle, ""}, *server);
  if (!handlers_.find(*server, callback_kind(kind))) note_cleared(kind, *server);
  return Value{};
}

}  // namespace simws::script
