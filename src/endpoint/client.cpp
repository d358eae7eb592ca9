// Client objects: what their owner holds of a ClientCore.
#include "base/log.h"
#include "endpoint/client_core.h"
#include "endpoint/event_loop.h"
#include "endpoint/option_checks.h"

#include <simws/client.h>

#include <cstdlib>
#include <utility>

namespace simws {

namespace {

using namespace endpoint::options;

class OwnedClient final : public Client {
 public:
  OwnedClient(EventLoop::Impl& loop, std::unique_ptr<endpoint::ClientCore> core)
      : core_(loop, std::move(core)) {}

  void disconnect() override { core_->stop(true); }
  Result<bool> send(std::string_view data, Opcode opcode, SendOptions options) override {
    return core_->send(data, opcode, options);
  }
  Connection* connection() override { return core_->connection(); }
  void release_pending(std::size_t bytes) override { core_->group().gate().release_ended(bytes); }
  ClientState state() const override { return core_->state(); }
  ClientInfo info() const override { return core_->info(); }

 private:
  const endpoint::OwnedCore<endpoint::ClientCore> core_;
};

Result<void> check_times(const ClientOptions& options) {
  const std::pair<const char*, Seconds> times[] = {{"connect_timeout", options.connect_timeout},
                                                   {"close_timeout", options.close_timeout},
                                                   {"ping_timeout", options.ping_timeout}};
  for (const auto& [name, time] : times) {
    if (auto checked = check_time(name, time); !checked) return checked;
  }
  return check_interval("ping_interval", options.ping_interval);
}

Result<void> check_sizes(const ClientOptions& options) {
  const std::pair<const char*, std::size_t> sizes[] = {
      {"max_message_size", options.max_message_size},
      {"max_queued_bytes", options.max_queued_bytes},
      {"max_pending_bytes", options.max_pending_bytes}};
  for (const auto& [name, size] : sizes) {
    if (auto checked = check_size(name, size); !checked) return checked;
  }
  return {};
}

Result<void> check_reconnect(const ClientOptions& options) {
  if (!options.reconnect) return {};
  return protocol::check_retry_options(endpoint::retry_options(*options.reconnect));
}

Result<void> check(const ClientOptions& options, const protocol::Uri& uri) {
  if (auto checked = check_times(options); !checked) return checked;
  if (auto checked = check_sizes(options); !checked) return checked;
  if (auto checked = check_compression(options.compression); !checked) return checked;
  if (auto checked = check_reconnect(options); !checked) return checked;
  if (auto checked = endpoint::check_client_tls(options.tls); !checked) return checked;
  return protocol::check_client_request(endpoint::client_request(options), uri);
}

// The system's authorities take longer to load than a caller should wait.
bool names_files(const ClientTls& tls) {
  return !tls.ca.empty() || !tls.certificate.empty();
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

Result<endpoint::Destination> find_destination(std::string_view text,
                                               const ClientOptions& options) {
  auto uri = protocol::parse_uri(text);
  if (!uri) return std::move(uri).error();
  endpoint::Destination destination;
  destination.uri = std::move(uri).value();
  if (!options.proxy) {
    destination.asks_environment = true;
    destination.variables = {variable("https_proxy"), variable("http_proxy"), variable("no_proxy")};
  } else if (!options.proxy->empty()) {
    auto proxy = protocol::parse_proxy(*options.proxy);
    if (!proxy) return std::move(proxy).error();
    destination.proxy = std::move(proxy).value();
  }
  return destination;
}

}  // namespace

Result<std::unique_ptr<Client>> Client::connect(EventLoop& loop, std::string_view uri,
                                                ClientOptions options, ClientHandlers handlers) {
  return connect(loop, uri, std::move(options),
                 std::make_shared<const ClientHandlers>(std::move(handlers)));
}

Result<std::unique_ptr<Client>> Client::connect(EventLoop& loop, std::string_view uri,
                                                ClientOptions options,
                                                std::shared_ptr<const ClientHandlers> handlers) {
  auto destination = find_destination(uri, options);
  if (!destination) return std::move(destination).error();
  if (auto checked = check(options, destination->uri); !checked) {
    return std::move(checked).error();
  }
  EventLoop::Impl& impl = loop.impl();
  if (!impl.loop) return endpoint::no_loop();
  if (!options.logger) options.logger = make_stderr_logger();
  if (!handlers) handlers = std::make_shared<const ClientHandlers>();
  endpoint::ClientParts& parts = impl.client_parts();
  if (destination->uri.is_secure && names_files(options.tls)) {
    const auto usable = parts.tls.find_or_make(options.tls, options.logger);
    if (!usable) return usable.error();
  }
  auto core = std::make_unique<endpoint::ClientCore>(parts, std::move(destination).value(),
                                                     std::move(options), std::move(handlers));
  core->start();
  return std::unique_ptr<Client>(std::make_unique<OwnedClient>(impl, std::move(core)));
}

}  // namespace simws
