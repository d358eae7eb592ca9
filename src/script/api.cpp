#include "script/api.h"

#include "base/log.h"
#include "script/describe.h"

#include <new>
#include <utility>

namespace simws::script {

Api::Api(dispatch::Network& network, Engine& engine, Settings settings)
    : network_(network),
      engine_(engine),
      logger_(settings.logger ? settings.logger : make_stderr_logger(settings.log_level)),
      error_logger_(make_error_logger(settings)),
      log_level_(settings.log_level),
      runs_threaded_(settings.threaded),
      handlers_(engine),
      dispatcher_(network, *this, [this] {
        if (!may_drive_) return;
        warn(
            "events have waited for 2 s and no callback is called: call simWS.poll() in the "
            "program's loop, or simWS.run() at its end");
      }) {}

Api::~Api() {
  const bool is_forgotten = may_drive_ && !has_driven_ && !has_ended_ && dispatcher_.is_serving();
  if (!is_forgotten) return;
  warn(
      "the program ends, and its servers with it; no callback was called, for it called neither "
      "simWS.run() nor simWS.poll()");
}

void Api::warn(std::string_view line) const noexcept {
  try {
    log(LogLevel::warning, line);
  } catch (...) {
    // Nobody is left to tell.
  }
}

// A script that is to end waits for nobody.
Logger Api::make_error_logger(const Settings& settings) {
  if (settings.logger) return settings.logger;
  return make_waiting_stderr_logger(settings.log_level,
                                    [this] { return engine_.is_interrupted(); });
}

Result<Value> Api::call(const FunctionRow& function, std::size_t given, std::span<Value> values) {
  try {
    Result<Value> result = call_checked(function, given, values);
    if (!result) {
      const Error& error = result.error();
      result = Error{error.code, Signature(function).full_name() + ": " + error.message};
    }
    return result;
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::unavailable, "out of memory"};
  }
}

Result<Value> Api::call_checked(const FunctionRow& function, std::size_t given,
                                std::span<Value> values) {
  const auto checked = check_arguments(function, given, values, engine_.words());
  if (!checked) return checked.error();
  return (this->*function.implementation)(Arguments(values));
}

void Api::end() {
  has_ended_ = true;
  dispatcher_.stop_all();
}

Error Api::explain(const Error& error, dispatch::ServerId server) const {
  if (error.code != ErrorCode::invalid_handle) return error;
  return {error.code, "invalid object handle: " + quote(HandleText(server).view()) +
                          " (the server has been stopped, or was never this script's)"};
}

Error Api::explain(const Error& error, ConnectionHandle target) const {
  if (error.code != ErrorCode::invalid_handle) return error;
  const auto server = dispatcher_.server_info(target.server);
  if (!server) return explain(server.error(), target.server);
  return {error.code, "invalid object handle: " + quote(HandleText(target).view()) +
                          " (the server has no such connection; simWS.getConnections returns the "
                          "open ones)"};
}

}  // namespace simws::script
