#include "host/commands/bench/bench_command.h"

#include "host/commands/bench/bench_report.h"
#include "host/commands/end_flag.h"
#include "host/commands/number_checks.h"
#include "host/commands/request_text.h"
#include "host/load/door.h"
#include "host/program.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <limits>
#include <map>
#include <utility>

namespace simws::host {

namespace {

using load::Mode;
using load::Payload;

constexpr int failed = 1;
constexpr std::size_t most_in_flight = std::size_t{1} << 30;  // in bytes; all are made before
constexpr const char* topics_subprotocol = "simws.topics.1";

const std::map<std::string, Payload> payloads{{"ascii", Payload::ascii},
                                              {"utf8", Payload::utf8},
                                              {"binary", Payload::binary},
                                              {"json", Payload::json}};

std::string check_mode(const std::string& text) {
  if (load::mode_named(text)) return {};
  return "'" + text + "' is no mode: write echo, fan-out, age, latency, connect or idle";
}

std::string check_payload(const std::string& text) {
  if (payloads.contains(text)) return {};
  return "'" + text + "' is no payload: write ascii, utf8, binary or json";
}

std::string check_rate(const std::string& text) {
  constexpr double most = 1e7;
  if (check_duration(text).empty() && checked_number(text) <= most) return {};
  return "'" + text + "' is no number over 0 and up to ten million";
}

constexpr const char* footer =
    "Modes:\n"
    "\n"
    "  echo     each connection sends --pipeline messages, and the next when all came back;\n"
    "           every byte is compared\n"
    "  latency  messages leave at a fixed --rate whatever the server does, and count from when\n"
    "           they were due: a pause makes all late that were due in it. It keeps a processor\n"
    "           busy, but with --wait\n"
    "  fan-out  listens: how many messages come, and how regularly. With --send one connection\n"
    "           sends, and every byte that all get is compared\n"
    "  age      how old is what comes? Messages begin with the time when they were made, in\n"
    "           nanoseconds since 1970 or of CLOCK_MONOTONIC, or in seconds such as\n"
    "           1764500000.123; or they are of a --topic. With --send one connection sends them\n"
    "  connect  connections come, shake hands, close and end, --connections at a time\n"
    "  idle     connections that say nothing\n"
    "\n"
    "In Python a message is stamped by f'{time.time_ns()} ...'; in Lua publish to a topic, and "
    "use\n"
    "--topic. Two machines' clocks must agree.\n"
    "\n"
    "Ctrl-C ends it with what was measured so far. Exit status: 0, measured; 1, it couldn't be:\n"
    "no connection, a refusal, other bytes than were sent; 2, the command line is wrong.\n";

}  // namespace

void BenchCommand::add_to(CLI::App& app) {
  app_ = &app;
  app.add_option("URL", url_,
                 "Where to: ws://host:port/path or wss://...; host:port and the port of this "
                 "machine will do")
      ->type_name("");
  app.add_option_function<std::string>(
         "--mode", [this](const std::string& text) { mode_ = *load::mode_named(text); },
         "What is measured, see below")
      ->type_name("echo|latency|fan-out|age|connect|idle")
      ->check(check_mode)
      ->default_str("echo");
  add_load(app);
  add_times(app);
  add_stream(app);
  add_request(app);
  add_process(app);
  app.add_flag("--json", is_json_, "Print the figures as one line of JSON, and no picture");
  app.footer(footer);
}

void BenchCommand::add_load(CLI::App& app) {
  const auto add = [&app](const char* name, auto& value, const char* type, const char* help) {
    return app.add_option(name, value, help)->type_name(type)->capture_default_str();
  };
  add("--connections", options_.connections, "N", "How many connections")->check(check_count);
  add("--size", options_.size, "BYTES", "Of a message")
      ->check(WholeNumber("size", 0, most_in_flight));
  add("--pipeline", options_.pipeline, "N",
      "Messages in flight: of a connection, with --send of all")
      ->check(check_count);
  app.add_option_function<std::string>(
         "--payload", [this](const std::string& text) { options_.payload = payloads.at(text); },
         "What messages are: text but for binary")
      ->type_name("ascii|utf8|binary|json")
      ->check(check_payload)
      ->default_str("ascii");
  auto* const deflate = app.add_flag(
      "--deflate", options_.deflate,
      "Offer compression (permessage-deflate), and compress (echo, fan-out, age, idle)");
  app.add_flag("--in-context", options_.in_context, "With it: messages may refer to those before")
      ->needs(deflate);
  app.add_flag("--raw", options_.raw, "No WebSocket: only bytes, for a server that echoes them");
}

void BenchCommand::add_times(CLI::App& app) {
  options_.seconds = 5;
  const auto add = [&app](const char* name, double& value, const char* type, const char* help) {
    return app.add_option(name, value, help)->type_name(type)->capture_default_str();
  };
  add("--seconds", options_.seconds, "SECONDS", "How long is measured; inf: until Ctrl-C")
      ->check(check_duration);
  add("--warm-up", options_.warm_up, "SECONDS", "How long before that isn't")->check(check_seconds);
  app.add_option("--messages", options_.messages,
                 "End after so many, if that's earlier (echo, and fan-out with --send)")
      ->type_name("N")
      ->check(check_count);
  add("--rate", options_.rate, "N", "Messages a second (latency, and age with --send)")
      ->check(check_rate);
  app.add_flag("--wait", options_.waits, "Sleep until something comes or is due (latency)");
  add("--timeout", options_.patience, "SECONDS", "How long to wait for an answer")
      ->check(check_duration);
}

void BenchCommand::add_stream(CLI::App& app) {
  auto* const sends =
      app.add_flag("--send", options_.sends,
                   "One connection sends what the server passes on to all (fan-out, age)");
  app.add_option("--topic", options_.topics,
                 "Topic to subscribe to by simws.topics.1 (fan-out, age). Can be given more than "
                 "once")
      ->type_name("NAME")
      ->take_all()
      ->allow_extra_args(false)
      ->excludes(sends);
  app.add_option("--slow", options_.slow, "Viewers that read slowly, besides (age with --send)")
      ->type_name("N")
      ->check(WholeNumber("count", 0))
      ->needs(sends);
  app.add_option("--slow-rate", options_.slow_rate, "Bytes a second that one of them reads")
      ->type_name("N")
      ->check(check_rate)
      ->needs(sends)
      ->default_str("1000000");
}

void BenchCommand::add_request(CLI::App& app) {
  add_handshake_options(app, headers_, options_.subprotocols, options_.origin);
  app.add_option("--token", token_, "What the server's option token asks for")->type_name("TOKEN");
  add_trust_options(app, options_.ca, is_insecure_);
}

void BenchCommand::add_process(CLI::App& app) {
  app.add_option("--server", options_.server,
                 "The server's process on this machine: its processor time and memory are "
                 "measured too")
      ->type_name("PID")
      ->check(WholeNumber("process", 1, std::numeric_limits<pid_t>::max()));
  app.add_flag("--clients", measures_clients_,
               "Measure clients that echo, instead of a server (echo, idle): prints a port, reads "
               "the number of their process from standard input, and lets them in");
  app.add_flag("--hold", holds_,
               "Print the figures, and keep connections until standard input ends (idle)");
}

std::string BenchCommand::misplaced() const {
  const bool echoes = mode_ == Mode::echo || (mode_ == Mode::fan_out && options_.sends);
  const bool sends_ages = mode_ == Mode::age && options_.sends;
  const bool has_rate = mode_ == Mode::latency || sends_ages;
  const struct {
    const char* option;
    bool is_used;
    const char* with;
  } rows[] = {{"--pipeline", echoes, "echo, or fan-out with --send"},
              {"--messages", echoes, "echo, or fan-out with --send"},
              {"--payload", echoes, "echo, or fan-out with --send"},
              {"--size", echoes || has_rate, "echo or latency, or fan-out or age with --send"},
              {"--rate", has_rate, "latency, or age with --send"},
              {"--wait", mode_ == Mode::latency, "latency"},
              {"--slow", sends_ages, "age and --send"},
              {"--slow-rate", sends_ages, "age and --send"}};
  for (const auto& [option, is_used, with] : rows) {
    if (!is_used && app_->count(option) > 0)
      return std::string(option) + " goes with --mode " + with;
  }
  return {};
}

std::string BenchCommand::contradiction() const {
  const bool is_stream = mode_ == Mode::fan_out || mode_ == Mode::age;
  const bool compresses = mode_ == Mode::echo || mode_ == Mode::idle || mode_ == Mode::fan_out ||
                          (mode_ == Mode::age && !options_.sends);
  if (measures_clients_ != url_.empty()) {
    return url_.empty() ? "URL is required" : "--clients has no URL";
  }
  if (measures_clients_ && mode_ != Mode::echo && mode_ != Mode::idle) {
    return "--clients goes with --mode echo or idle";
  }
  if (options_.sends && !is_stream) return "--send goes with --mode fan-out or age";
  if (!options_.topics.empty() && !is_stream) return "--topic goes with --mode fan-out or age";
  if (options_.deflate && !compresses) return "--deflate doesn't go with this mode";
  if (options_.deflate && options_.raw) return "--deflate excludes --raw";
  if (options_.raw && options_.size == 0) return "--raw wants a --size";
  if (is_stream && options_.raw && !options_.sends) return "--raw wants --send here";
  if (options_.size > most_in_flight / options_.pipeline) {
    return "--size times --pipeline is more than " + std::to_string(most_in_flight) +
           ", which is the most";
  }
  if (holds_ && mode_ != Mode::idle) return "--hold goes with --mode idle";
  return misplaced();
}

void BenchCommand::complete() {
  if (!url_.empty()) options_.uri = complete_uri(url_);
  options_.verify = !is_insecure_;
  for (const std::string& text : headers_) options_.headers.push_back(header_of(text));
  if (!token_.empty()) options_.headers.emplace_back("Authorization", "Bearer " + token_);
  if (!options_.topics.empty()) options_.subprotocols = {topics_subprotocol};
  if (holds_) {
    options_.while_open = [this](const load::Figures& figures) { wait_while_open(figures); };
  }
}

int BenchCommand::run() {
  if (const std::string wrong = contradiction(); !wrong.empty()) return fail(wrong);
  complete();
  const EndFlag end;
  options_.end = &end.flag();
  return measures_clients_ ? measure_clients() : measure();
}

int BenchCommand::measure() {
  const auto report = load::run_load(mode_, options_);
  if (report) return show(*report);
  if (report.error().code == ErrorCode::invalid_argument) return fail(report.error().message);
  std::cerr << "simws: " << report.error().message << '\n';
  return failed;
}

int BenchCommand::measure_clients() {
  const auto door = load::open_door();
  if (!door) {
    std::cerr << "simws: " << door.error().message << '\n';
    return failed;
  }
  std::printf("port %d\n", (*door)->port());
  std::fflush(stdout);
  if (std::scanf("%d", &options_.server) != 1) return fail("standard input names no process");
  options_.door = door->get();
  return measure();
}

int BenchCommand::show(const load::Report& report) const {
  if (holds_) return 0;
  if (is_json_) std::cout << load::to_json(report.figures) << '\n';
  if (report.figures.size() == 1) {  // nothing but that
    std::cerr << "simws: the server doesn't compress, so that nothing was measured: has it the "
                 "option compression?\n";
    return failed;
  }
  if (is_json_) return 0;
  std::cout << (report.server.empty() ? "clients" : report.server) << '\n'
            << bench_report(mode_, options_, report, OutputStyle::of_environment());
  return 0;
}

void BenchCommand::wait_while_open(const load::Figures& figures) const {
  std::cout << load::to_json(figures) << std::endl;
  while (std::getchar() != EOF) {
  }
}

}  // namespace simws::host
