#include "script/api.h"

#include "script/describe.h"

#include <new>
#include <utility>

namespace simws::script {

Api::Api(dispatch::Network& network, Engine& engine, Settings settings)
    : network_(network),
      engine_(engine),
      log_(make_log(settings)),
      logs_to_stderr_(!settings.logger),
      runs_threaded_(settings.threaded),
      start_note_(std::move(settings.start_note)),
      asks_environment_for_proxy_(settings.asks_environment_for_proxy),
      handlers_(engine),
      dispatcher_(network, *this, [this] {
        if (!may_drive_) return;
        warn_by_host(
            "events have waited for 2 s and no callback is called: call simWS.poll() in the "
            "program's loop, or simWS.run() at its end");
      }) {
  handlers_.add(no_endpoint);
}

Api::~Api() {
  const bool is_forgotten =
      may_drive_ && !has_driven_ && !has_ended_ && dispatcher_.expects_events();
  log_->end();
  if (!is_forgotten) return;
  warn_by_host(
      "the program ends, and its servers and clients with it; no callback was called, for it "
      "called "
      "neither "
      "simWS.run() nor simWS.poll()");
}

// A handler that waits for a pass would never hear it.
void Api::warn_by_host(std::string_view line) const noexcept {
  try {
    log_to_host(LogLevel::warning, line);
  } catch (...) {
    // Nobody is left to tell.
  }
}

Result<Value> Api::call(const FunctionRow& function, std::size_t given, std::span<Value> values) {
  try {
    Result<Value> result = call_checked(function, given, values);
    if (!result) {
      const Error& error = result.error();
      result = Error{error.code, Signature(function).full_name() + ": " + error.message};
    }
    if (uses_language_log_) deliver_log(Seconds{0});
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
  log_->end();
  dispatcher_.stop_all();
}

Error Api::explain(const Error& error, dispatch::EndpointId endpoint) const {
  if (error.code != ErrorCode::invalid_handle) return error;
  const std::string_view why =
      dispatch::is_client(endpoint)
          ? " (the client has been disconnected, or was never this script's)"
          : " (the server has been stopped, or was never this script's)";
  return {error.code, ("invalid object handle: " + quote(HandleText(endpoint).view())).append(why)};
}

Error Api::explain(const Error& error, ConnectionHandle target) const {
  if (error.code != ErrorCode::invalid_handle) return error;
  if (!dispatcher_.knows(target.endpoint)) return explain(error, target.endpoint);
  const std::string owner = dispatch::is_client(target.endpoint) ? "client" : "server";
  return {error.code, "invalid object handle: " + quote(HandleText(target).view()) + " (the " +
                          owner +
                          " has no such connection; simWS.getConnections returns the open ones)"};
}

}  // namespace simws::script
