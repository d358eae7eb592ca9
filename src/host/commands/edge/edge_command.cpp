#include "host/commands/edge/edge_command.h"

#include "host/commands/edge/edge_relay.h"
#include "host/commands/number_checks.h"
#include "host/program.h"
#include "protocol/broker/subject.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>

namespace simws::host {

namespace {

constexpr const char* footer =
    "Viewers speak simws.topics.1, as /simws.js does, which is served; they get what the "
    "simulation\n"
    "that was started with the options broker and name publishes, what it has retained, and\n"
    "whether that may be old. What they publish (--publishable) goes to the simulation, which\n"
    "judges it once more. Any number of these may run, on any machines. Ctrl-C ends it.\n"
    "\n"
    "What a command line says other users of the machine see: the environment's SIMWS_BROKER\n"
    "and SIMWS_TOKEN stand for --broker and --token.\n"
    "\n"
    "Exit status:\n"
    "\n"
    "  0    ended by Ctrl-C\n"
    "  1    the port can't be had, an option can't be, or there's no client of the broker\n"
    "  2    the command line is wrong, or there's no such folder\n";

bool is_name(std::string_view text) {
  return static_cast<bool>(protocol::check_broker_name("name", text));
}

std::string check_name(const std::string& text) {
  const auto checked = protocol::check_broker_name("name", text);
  return checked ? std::string() : checked.error().message;
}

using Policy = std::pair<std::string, TopicPolicy>;

std::optional<Policy> parse_policy(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  const auto* const found = std::ranges::find(topic_policy_names, text.substr(equals + 1));
  if (found == topic_policy_names.end()) return std::nullopt;
  return Policy{text.substr(0, equals),
                static_cast<TopicPolicy>(found - topic_policy_names.begin())};
}

std::string check_policy(const std::string& text) {
  if (parse_policy(text)) return {};
  return "'" + text +
         "' is no topic with its policy: write topic=all, latest, oldest, newest or resync, such "
         "as pose=latest or robots/#=latest";
}

// As it may stand in a subject of the broker.
std::string machine_name() {
  std::array<char, 256> text{};
  if (gethostname(text.data(), text.size() - 1) != 0) return "edge";
  std::string name(text.data());
  for (char& c : name) c = is_name(std::string_view(&c, 1)) ? c : '-';
  name = name.substr(0, protocol::max_broker_name_size);
  return name.empty() ? "edge" : name;
}

}  // namespace

void EdgeCommand::add_to(CLI::App& app) {
  add_broker(app);
  server_.add_to(app, QuickServer::Port::option);
  add_topics(app);
  app.add_option("--token", token_, "Let in only who shows it: ?token= in the address")
      ->envname("SIMWS_TOKEN")
      ->type_name("TOKEN");
  app.add_option("--files", files_, "Serve the files of this folder too")->type_name("FOLDER");
  app.add_flag_callback(
      "--compression", [this] { server_.options().compression.emplace(); },
      "Compress messages for viewers that offer it, as browsers do");
  app.add_flag("--inspector", server_.options().inspector, "Have a live page at /_simws/");
  app.add_flag("--metrics", server_.options().metrics, "Have figures for Prometheus at /metrics");
  app.footer(footer);
}

void EdgeCommand::add_broker(CLI::App& app) {
  app.add_option("--broker", broker_.url,
                 "Where the broker is: nats://[user:password@]host[:port], or tls://...; of a "
                 "cluster several, with commas")
      ->type_name("URL")
      ->envname("SIMWS_BROKER")
      ->required();
  app.add_option("--name", simulation_, "The simulation's name: its option name")
      ->type_name("NAME")
      ->check(check_name)
      ->required();
  app.add_option("--id", id_,
                 "What the simulation knows this edge by; without it the machine's name")
      ->type_name("NAME")
      ->check(check_name);
  app.add_option("--credentials", broker_.credentials,
                 "File with what the broker knows us by (.creds)")
      ->type_name("FILE");
  app.add_option("--ca", broker_.ca,
                 "PEM file of the authorities that the broker's certificate may come from; without "
                 "it the system's")
      ->type_name("FILE");
  auto* const certificate = app.add_option("--broker-certificate", broker_.certificate,
                                           "PEM file of the certificate that we show to the broker")
                                ->type_name("FILE");
  app.add_option("--broker-private-key", broker_.private_key, "PEM file of its private key")
      ->type_name("FILE")
      ->needs(certificate);
}

void EdgeCommand::add_topics(CLI::App& app) {
  const auto add_list = [&app](const char* name, std::vector<std::string>& into, const char* help) {
    app.add_option(name, into, help)->type_name("TOPIC")->take_all()->allow_extra_args(false);
  };
  add_list(
      "--topics", server_.options().topics,
      "Topic, or pattern such as robots/#, that viewers may read; without it all. Can be given "
      "more than once");
  add_list("--publishable", server_.options().publishable,
           "Topic, or pattern, that viewers may publish to; without it none. Can be given more "
           "than once");
  app.add_option("--policy", policies_,
                 "What a viewer gets that can't take all of a topic, where it asks for nothing "
                 "else: all, latest, oldest, newest or resync; without it as the simulation has "
                 "set it. Can be given more than once")
      ->type_name("TOPIC=POLICY")
      ->check(check_policy)
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--max-retained", retained_, "What may be retained in all, in MiB")
      ->type_name("MIB")
      ->check(WholeNumber("number of MiB", 1, 999'999))
      ->capture_default_str();
}

std::string EdgeCommand::id() const {
  return id_.empty() ? machine_name() : id_;
}

// What is retained is bounded in all, and by the simulation for each topic.
EdgeTopics EdgeCommand::topics() const {
  TopicOptions all;
  all.max_retained_bytes = retained_ << 20;
  all.max_keys = std::numeric_limits<std::size_t>::max();
  EdgeTopics::Policies policies;
  for (const std::string& text : policies_) {
    if (auto policy = parse_policy(text)) policies.push_back(std::move(*policy));
  }
  return {std::move(policies), all};
}

int EdgeCommand::run() {
  ServerOptions& options = server_.options();
  if (options.topics.empty()) options.topics = {"#"};
  options.max_total_retained_bytes = retained_ << 20;
  options.resync_with_retained = true;
  options.subscriptions_follow_topics = true;
  options.info_page = false;  // it speaks nothing that an edge has
  if (!token_.empty()) options.tokens = {token_};
  std::optional<ServedFolder> folder;
  if (!files_.empty()) {
    auto found = ServedFolder::find(files_);
    if (!found) return fail(found.error().message);
    folder = std::move(found).value();
  }
  EdgeRelay relay(simulation_, server_.logger(), topics());
  const auto start = [&](broker::EdgeHandlers handlers) {
    return start_broker_feed(broker_, simulation_, id(), std::move(handlers));
  };
  const auto prepare = [&](Server& server, EventLoop& loop) -> Result<void> {
    if (folder) {
      if (auto served = server.serve_files("/", *folder); !served) return served;
    }
    return relay.attach(server, loop, start);
  };
  return server_.run(relay.handlers(), "an edge of '" + simulation_ + "'", prepare,
                     [&] { relay.detach(); });
}

}  // namespace simws::host
