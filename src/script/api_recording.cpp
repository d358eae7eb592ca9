// Recordings of what a server sends and receives.
#include "script/api.h"
#include "script/handle_arguments.h"

#include <string>

namespace simws::script {

Result<Value> Api::start_recording(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto started = dispatcher_.start_recording(*server, std::string(arguments.text(1)));
  if (!started) return explain(started.error(), *server);
  return Value{};
}

Result<Value> Api::stop_recording(const Arguments& arguments) {
  const auto server = server_argument(arguments.text(0));
  if (!server) return server.error();
  const auto info = dispatcher_.stop_recording(*server);
  if (!info) return explain(info.error(), *server);
  return Value{recording_map(*info)};
}

}  // namespace simws::script
