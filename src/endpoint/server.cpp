// Server objects: what their owner holds of a ServerCore.
#include "base/field_value.h"
#include "base/log.h"
#include "endpoint/event_loop.h"
#include "endpoint/option_checks.h"
#include "endpoint/server_core.h"
#include "protocol/broker/broker_options.h"
#include "protocol/entry_options.h"
#include "protocol/http/authority.h"
#include "protocol/http/syntax.h"
#include "protocol/token.h"
#include "protocol/topics/topic_name.h"
#include "transport/files.h"

#include <simws/server.h>

#include <string>
#include <string_view>
#include <utility>

namespace simws {

namespace {

using namespace endpoint::options;

class OwnedServer final : public Server {
 public:
  OwnedServer(EventLoop::Impl& loop, std::unique_ptr<endpoint::ServerCore> core)
      : core_(loop, std::move(core)) {}

  void stop() override { core_->stop(true); }
  Result<std::size_t> broadcast(std::string_view data, Opcode opcode,
                                const std::function<bool(Connection&)>& filter,
                                BroadcastOptions options) override {
    return core_->broadcast(data, opcode, filter, options);
  }
  Result<bool> subscribe(Connection& connection, std::string_view topic,
                         const SubscriptionOptions& options) override {
    return core_->subscribe(connection, topic, options);
  }
  Result<bool> unsubscribe(Connection& connection, std::string_view topic) override {
    return core_->unsubscribe(connection, topic);
  }
  Result<std::size_t> publish(std::string_view topic, std::string_view data, Opcode opcode,
                              const PublishOptions& options) override {
    return core_->publish(topic, data, opcode, options);
  }
  Result<void> set_topic(std::string_view topic, const TopicOptions& options) override {
    return core_->set_topic(topic, options);
  }
  void set_stale(bool is_stale, std::string_view reason) override {
    core_->set_stale(is_stale, reason);
  }
  void set_clock_lead(Seconds lead) override { core_->topics().set_clock_lead(lead); }
  Result<void> forget_retained(std::string_view epoch,
                               const std::function<bool(const RetainedInfo&)>& is_over) override {
    return core_->forget_retained(epoch, is_over);
  }
  std::vector<TopicInfo> topics() const override { return core_->topics().infos(); }
  const std::shared_ptr<protocol::TopicDoor>& topic_door() const override {
    return core_->topics().door();
  }
  void publish(std::shared_ptr<const protocol::Publication> publication) noexcept override {
    core_->publish(publication);
  }
  void apply_topic(std::string_view topic, const TopicOptions& options) noexcept override {
    core_->apply_topic(topic, options);
  }
  Result<void> serve_files(std::string_view prefix, const ServedFolder& folder,
                           FileOptions options) override {
    return core_->serve_files(prefix, folder, std::move(options));
  }
  void release_pending(std::size_t bytes) override { core_->group().gate().release_ended(bytes); }
  Result<void> start_recording(RecordingFile file) override {
    return core_->start_recording(std::move(file));
  }
  Result<RecordingInfo> stop_recording() override { return core_->stop_recording(); }
  bool is_recording() const override { return core_->active_recording() != nullptr; }
  void record_broadcast(std::shared_ptr<const protocol::SharedMessage> message) noexcept override {
    core_->record_broadcast(*message);
  }
  bool make_room(std::size_t bytes) override { return core_->make_room(bytes); }
  std::vector<Connection*> connections() override { return core_->connections(); }
  ServerInfo info() const override { return core_->info(); }

 private:
  const endpoint::OwnedCore<endpoint::ServerCore> core_;
};

Result<void> check_times(const ServerOptions& options) {
  const std::pair<const char*, Seconds> times[] = {
      {"handshake_timeout", options.handshake_timeout},
      {"keep_alive_timeout", options.keep_alive_timeout},
      {"close_timeout", options.close_timeout},
      {"ping_timeout", options.ping_timeout}};
  for (const auto& [name, time] : times) {
    if (auto checked = check_time(name, time); !checked) return checked;
  }
  return check_interval("ping_interval", options.ping_interval);
}

Result<void> check_sizes(const ServerOptions& options) {
  const std::pair<const char*, std::size_t> sizes[] = {
      {"max_message_size", options.max_message_size},
      {"max_connections", options.max_connections},
      {"max_header_size", options.max_header_size},
      {"max_queued_bytes", options.max_queued_bytes},
      {"max_total_queued_bytes", options.max_total_queued_bytes},
      {"max_subscriptions", options.max_subscriptions},
      {"max_pending_bytes", options.max_pending_bytes}};
  for (const auto& [name, size] : sizes) {
    if (auto checked = check_size(name, size); !checked) return checked;
  }
  if (options.max_queued_bytes > options.max_total_queued_bytes) {
    return Error{ErrorCode::invalid_argument,
                 "maxQueuedBytes (" + std::to_string(options.max_queued_bytes) +
                     ", for one connection) is over maxTotalQueuedBytes (" +
                     std::to_string(options.max_total_queued_bytes) +
                     ", for all of the server); lower the first or raise the second"};
  }
  return {};
}

Result<void> check_topics(std::string_view option, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    auto checked = protocol::check_subscription(name);
    if (checked) continue;
    return Error{ErrorCode::invalid_argument, std::string(option) + ": " + checked.error().message};
  }
  return {};
}

Result<void> check_texts(const ServerOptions& options) {
  if (auto checked = protocol::check_hosts(options.hosts); !checked) return checked;
  if (auto checked = protocol::check_origins(options.origins); !checked) return checked;
  if (auto checked = protocol::check_cors_origins(options.cors_origins); !checked) return checked;
  if (auto checked = protocol::check_tokens(options.tokens); !checked) return checked;
  if (auto checked = protocol::check_subprotocols(options.subprotocols); !checked) return checked;
  if (auto checked = check_topics("topics", options.topics); !checked) return checked;
  if (auto checked = check_topics("publishable", options.publishable); !checked) return checked;
  if (is_field_value(options.server_name)) return {};
  return bad_option("server_name", "can't be sent: leave out control characters such as line ends");
}

// Only who sits at this machine needs no token there.
Result<void> check_inspector(const ServerOptions& options) {
  if (!options.inspector || !options.tokens.empty() || options.host.empty()) return {};
  const bool is_ipv6 = options.host.find(':') != std::string::npos;
  const auto host =
      protocol::http::parse_authority(is_ipv6 ? "[" + options.host + "]" : options.host);
  if (host && host->is_loopback) return {};
  return bad_option("inspector", "needs the option token where other machines can connect (host=" +
                                     protocol::http::in_quotes(options.host) +
                                     "): it shows all that is sent");
}

Result<void> check_broker(const ServerOptions& options) {
  if (options.broker) return protocol::check_broker(*options.broker, options.name);
  if (options.name.empty()) return {};
  return Error{ErrorCode::invalid_argument,
               "the option name is for the option broker, which isn't given"};
}

// What has no effect without another option is a mistake: a proxy's word would not be taken.
Result<void> check_proxies(const ServerOptions& options) {
  if (!options.trusted_proxies.empty()) return {};
  const std::pair<const char*, bool> switches[] = {
      {"forwarded", options.forwarded}, {"trustForwardedHost", options.trust_forwarded_host}};
  for (const auto& [name, is_on] : switches) {
    if (!is_on) continue;
    return Error{ErrorCode::invalid_argument,
                 std::string("the option ") + name +
                     " is for the proxies of the option trustedProxies, which isn't given: list "
                     "their addresses there"};
  }
  return {};
}

// Pages come by `topics`, those of edges by the broker.
Result<void> check_publishable(const ServerOptions& options) {
  if (options.publishable.empty() || !options.topics.empty() || options.broker) return {};
  return Error{ErrorCode::invalid_argument,
               "the option publishable is for pages that the option topics lets in, or for those "
               "of edges (option broker), and neither is given"};
}

Result<void> check(const ServerOptions& options) {
  if (auto checked = check_times(options); !checked) return checked;
  if (auto checked = check_sizes(options); !checked) return checked;
  if (auto checked = check_compression(options.compression); !checked) return checked;
  if (auto checked = check_inspector(options); !checked) return checked;
  if (auto checked = check_broker(options); !checked) return checked;
  if (auto checked = check_proxies(options); !checked) return checked;
  if (auto checked = check_publishable(options); !checked) return checked;
  return check_texts(options);
}

}  // namespace

Result<ServedFolder> ServedFolder::find(const std::string& path) {
  auto found = transport::find_folder(path);
  if (!found) return std::move(found).error();
  return ServedFolder(std::move(found).value());
}

Result<void> Server::serve_files(std::string_view prefix, const std::string& folder,
                                 FileOptions options) {
  const auto found = ServedFolder::find(folder);
  if (!found) return found.error();
  return serve_files(prefix, *found, std::move(options));
}

Result<std::unique_ptr<Server>> Server::listen(EventLoop& loop, int port, ServerOptions options,
                                               ServerHandlers handlers) {
  if (auto checked = check(options); !checked) return std::move(checked).error();
  if (!loop.impl().loop) return endpoint::no_loop();
  if (!options.logger) {
    options.logger = make_stderr_logger();
    options.shows_token = is_stderr_terminal();
  }
  auto core = std::make_unique<endpoint::ServerCore>(loop.impl().turn_end(), std::move(options),
                                                     std::move(handlers));
  if (auto listening = core->listen(port); !listening) return std::move(listening).error();
  return std::unique_ptr<Server>(std::make_unique<OwnedServer>(loop.impl(), std::move(core)));
}

}  // namespace simws
