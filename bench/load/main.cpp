// The load generator: bench_load --port N --server PID --mode echo ..., one line of JSON as its
// result. Without a port clients are measured: it prints "port N", reads the number of their
// process, and lets in what comes (modes echo and idle).
#include "load/age_load.h"
#include "load/connect_load.h"
#include "load/door.h"
#include "load/echo_load.h"
#include "load/handshake.h"
#include "load/idle_load.h"
#include "load/latency_load.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace {

using bench::Door;
using bench::EchoKind;
using bench::Figures;
using bench::LoadOptions;
using bench::Payload;

const std::map<std::string, Payload> payloads{{"ascii", Payload::ascii},
                                              {"utf8", Payload::utf8},
                                              {"binary", Payload::binary},
                                              {"json", Payload::json}};

Figures echo(const LoadOptions& options) {
  return bench::run_echo_load(options, EchoKind::echo);
}

Figures fan_out(const LoadOptions& options) {
  return bench::run_echo_load(options, EchoKind::fan_out);
}

const std::map<std::string, std::function<Figures(const LoadOptions&)>> modes{
    {"echo", echo},
    {"fan-out", fan_out},
    {"connect", bench::run_connect_load},
    {"idle", bench::run_idle_load},
    {"latency", bench::run_latency_load},
    {"age", bench::run_age_load}};

void add_options(CLI::App& app, LoadOptions& options, std::string& mode) {
  app.option_defaults()->always_capture_default();
  app.add_option("--port", options.port, "the server's port; without it clients are measured");
  app.add_option("--server", options.server, "the server's process, which is measured");
  app.add_option("--mode", mode, "what the connections do")->check(CLI::IsMember(modes));
  app.add_option("--connections", options.connections)->check(CLI::PositiveNumber);
  app.add_option("--size", options.size, "bytes of a message");
  app.add_option("--pipeline", options.pipeline, "messages in flight")->check(CLI::PositiveNumber);
  app.add_option("--payload", options.payload, "what the messages are")
      ->transform(CLI::CheckedTransformer(payloads));
  app.add_option("--warm-up", options.warm_up, "seconds");
  app.add_option("--seconds", options.seconds, "of the measured part");
  app.add_option("--messages", options.messages, "end of the measured part, if it comes earlier");
  app.add_option("--rate", options.rate, "messages a second (latency, age)");
  app.add_option("--slow", options.slow, "viewers that read slowly, besides (age)");
  app.add_option("--slow-rate", options.slow_rate, "bytes a second that one of these reads");
  app.add_flag("--wait", options.waits, "sleep until something comes or is due (latency)");
  app.add_flag("--raw", options.raw, "no WebSocket, only bytes");
  app.add_flag("--deflate", options.deflate, "compressed messages (echo, fan-out, idle)");
  app.add_flag("--in-context", options.in_context, "their contexts are taken over");
  app.add_flag("--hold", options.hold, "keep idle connections until standard input ends");
}

// The clients' process isn't there yet: it's told where to come.
void invite(const Door& door, LoadOptions& options) {
  std::printf("port %d\n", door.port());
  std::fflush(stdout);
  if (std::scanf("%d", &options.server) != 1) bench::die("standard input names no process");
  options.door = &door;
  door.wait();  // a process that has just been made can't be looked at yet
}

}  // namespace

int main(int argc, char** argv) {
  LoadOptions options;
  std::string mode = "echo";
  CLI::App app{"Load for a server on this machine"};
  add_options(app, options, mode);
  CLI11_PARSE(app, argc, argv);
  std::optional<Door> door;
  if (options.port == 0) invite(door.emplace(), options);
  const Figures figures = modes.at(mode)(options);
  if (!options.hold) std::printf("%s\n", bench::to_json(figures).c_str());
  return 0;
}
