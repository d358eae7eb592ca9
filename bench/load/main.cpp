// The load generator: bench_load --port N --server PID ..., one line of JSON as its result.
#include "load/client.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <map>
#include <string>

namespace {

void print(const bench::LoadResult& result) {
  const auto messages = static_cast<double>(result.messages);
  std::printf(
      "{\"messages\": %.0f, \"seconds\": %.6f, \"messages_per_second\": %.0f, "
      "\"server_us_per_message\": %.4f, \"client_us_per_message\": %.4f, "
      "\"server_busy\": %.3f, \"client_busy\": %.3f}\n",
      messages, result.seconds, messages / result.seconds, result.server_seconds / messages * 1e6,
      result.client_seconds / messages * 1e6, result.server_seconds / result.seconds,
      result.client_seconds / result.seconds);
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, bench::Payload> payloads{{"ascii", bench::Payload::ascii},
                                                       {"utf8", bench::Payload::utf8},
                                                       {"binary", bench::Payload::binary}};
  bench::LoadOptions options;
  bool idle = false;
  CLI::App app{"Load for an echo server on this machine"};
  app.add_option("--port", options.port, "the server's port")->required();
  app.add_option("--server", options.server, "the server's process, whose time is measured");
  app.add_option("--connections", options.connections)->capture_default_str();
  app.add_option("--size", options.size, "bytes of a message")->capture_default_str();
  app.add_option("--pipeline", options.pipeline, "messages in flight per connection")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--payload", options.payload, "ascii, utf8 or binary")
      ->transform(CLI::CheckedTransformer(payloads));
  app.add_option("--warm-up", options.warm_up, "seconds")->capture_default_str();
  app.add_option("--seconds", options.seconds, "of the measured part")->capture_default_str();
  app.add_option("--messages", options.messages, "end of the measured part, if it comes earlier");
  app.add_flag("--raw", options.raw, "no WebSocket, only bytes");
  app.add_flag("--idle", idle, "open the connections and hold them until standard input ends");
  CLI11_PARSE(app, argc, argv);

  if (idle) {
    bench::hold_idle(options);
  } else {
    print(bench::run_load(options));
  }
  return 0;
}
