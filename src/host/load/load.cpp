#include "host/load/load.h"

#include "host/load/age_load.h"
#include "host/load/connect_load.h"
#include "host/load/door.h"
#include "host/load/echo_load.h"
#include "host/load/failure.h"
#include "host/load/idle_load.h"
#include "host/load/latency_load.h"
#include "host/load/stream_load.h"
#include "protocol/uri.h"

#include <exception>
#include <new>
#include <utility>

namespace simws::load {
namespace {

struct NamedMode {
  std::string_view name;
  Mode mode;
};
constexpr NamedMode modes[] = {{"echo", Mode::echo},       {"fan-out", Mode::fan_out},
                               {"age", Mode::age},         {"latency", Mode::latency},
                               {"connect", Mode::connect}, {"idle", Mode::idle}};

template <typename Work>
auto guarded(const Work& work) -> Result<decltype(work())> {
  try {
    return work();
  } catch (const Failure& failure) {
    return Error{failure.code, failure.what};
  } catch (const std::bad_alloc&) {
    return Error{ErrorCode::unavailable,
                 "there isn't the memory for this load: make messages smaller, or have fewer of "
                 "them in flight, or fewer connections"};
  } catch (const std::exception& exception) {
    return Error{ErrorCode::unavailable, exception.what()};
  }
}

Report run(Mode mode, const LoadOptions& options) {
  switch (mode) {
    case Mode::echo:
      return run_echo_load(options, EchoKind::echo);
    case Mode::fan_out:
      return options.sends ? run_echo_load(options, EchoKind::fan_out)
                           : run_stream_load(options, StreamKind::gaps);
    case Mode::age:
      return options.sends ? run_age_load(options) : run_stream_load(options, StreamKind::ages);
    case Mode::latency:
      return run_latency_load(options);
    case Mode::connect:
      return run_connect_load(options);
    case Mode::idle:
      return run_idle_load(options);
  }
  give_up("there's no such mode");
}

}  // namespace

std::optional<Mode> mode_named(std::string_view name) {
  for (const NamedMode& each : modes) {
    if (each.name == name) return each.mode;
  }
  return std::nullopt;
}

Result<std::unique_ptr<Door>> open_door() {
  return guarded([] { return std::make_unique<Door>(); });
}

Result<Report> run_load(Mode mode, const LoadOptions& options) {
  return guarded([&] {
    if (options.door) options.door->wait();  // a process that was just made can't be looked at yet
    Report report = run(mode, options);
    if (const auto uri = protocol::parse_uri(options.uri)) report.server = uri->shown();
    return report;
  });
}

}  // namespace simws::load
