// Recordings of what a server sends and receives.
#include "dispatch/dispatcher.h"

#include <utility>

namespace simws::dispatch {

// What was sent before isn't in it.
Result<void> Dispatcher::start_recording(EndpointId server, const std::string& file) {
  const auto found = find_server(server);
  if (!found) return found.error();
  ScriptEndpoint& owner = **found;
  if (owner.stopped) return Error{ErrorCode::invalid_state, "the server is being stopped"};
  if (owner.is_recorded && is_recording(owner)) {
    return Error{ErrorCode::invalid_state,
                 "this server is being recorded already; call stopRecording first"};
  }
  auto created = RecordingFile::create(file);
  if (!created) return std::move(created).error();
  Result<void> started;
  const auto called = network_.call([&] {
    outbox_->execute_all();
    started = owner.server->server()->start_recording(std::move(created).value());
  });
  owner.is_recorded = called && started;
  return called ? started : called;
}

// It may have ended by itself.
bool Dispatcher::is_recording(const ScriptEndpoint& owner) const {
  bool is_under_way = false;
  const auto called = network_.call([&] { is_under_way = owner.server->server()->is_recording(); });
  return called && is_under_way;
}

// What was sent before is in it.
Result<RecordingInfo> Dispatcher::stop_recording(EndpointId server) {
  const auto found = find_server(server);
  if (!found) return found.error();
  ScriptEndpoint& owner = **found;
  if (owner.stopped || !std::exchange(owner.is_recorded, false)) {
    return Error{ErrorCode::invalid_state,
                 "this server isn't being recorded; call startRecording first"};
  }
  Result<RecordingInfo> info = RecordingInfo();
  const auto called = network_.call([&] {
    outbox_->execute_all();
    info = owner.server->server()->stop_recording();
  });
  if (!called) return called.error();
  return info;
}

}  // namespace simws::dispatch
