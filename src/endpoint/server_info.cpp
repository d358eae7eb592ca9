// A server's figures.
#include "base/script_times.h"
#include "endpoint/server_core.h"

namespace simws::endpoint {

namespace {

void add_counters(ServerInfo& info, const Counters& counters) {
  info.connections = counters.open_connections.get();
  info.messages_in = counters.messages_in.get();
  info.messages_out = counters.messages_out.get();
  info.bytes_in = counters.bytes_in.get();
  info.bytes_out = counters.bytes_out.get();
  info.dropped = counters.dropped.get();
  info.refused = counters.refused.get();
}

void add_figures(ServerInfo& info, const ServerFigures& figures) {
  info.accepted = figures.accepted.get();
  info.handshakes = figures.handshakes.get();
  info.http_requests = figures.http_requests.get();
  info.lines_left_out = figures.lines_left_out.get();
  info.round_trip = figures.round_trip.histogram();
  info.queue_wait = figures.queue_wait.histogram();
}

void add_times(ServerInfo& info, const ScriptTimes& times) {
  info.pass_time = times.pass.histogram();
  info.callback_time = times.callback.histogram();
  info.step_lateness = times.step_lateness.histogram();
}

}  // namespace

ServerInfo ServerCore::info() const {
  ServerInfo info;
  info.host = options_.host.empty() ? "127.0.0.1" : options_.host;
  info.port = port_;
  info.tls = options_.tls.has_value();
  info.queued_bytes = group_.output_budget()->used();
  info.pending_bytes = group_.gate().total();
  info.retained_bytes = topics_.door()->retained_bytes();
  info.uptime = Clock::now() - started_;
  add_counters(info, group_.counters());
  add_figures(info, figures_);
  if (broker_) info.broker = broker_->info();
  if (options_.script_times) add_times(info, *options_.script_times);
  return info;
}

}  // namespace simws::endpoint
