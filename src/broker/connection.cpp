#include "broker/connection.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

namespace simws::broker {

namespace {

using protocol::ServerList;

constexpr std::int64_t patience = 2000;  // in ms: to connect, and for the system to take bytes
constexpr std::int64_t ping_interval = 2000;
constexpr int most_pings = 2;  // that may be unanswered

// libnats would print it.
void ignore(natsConnection* /*connection*/, natsSubscription* /*subscription*/,
            natsStatus /*status*/, void* /*closure*/) {}

class Builder {
 public:
  Builder() { status_ = make(options_, natsOptions_Create); }

  template <typename Function, typename... Arguments>
  Builder& set(Function&& function, Arguments... arguments) {
    if (status_ == NATS_OK) status_ = function(options_.get(), arguments...);
    return *this;
  }
  natsStatus status() const { return status_; }
  natsOptions* get() const { return options_.get(); }

 private:
  natsStatus status_;
  NatsOptions options_;
};

void set_servers(Builder& builder, const ServerList& servers,
                 const std::vector<std::string>& known) {
  std::vector<const char*> urls;
  for (const std::string& url : servers.urls) urls.push_back(url.c_str());
  for (const std::string& url : known) urls.push_back(url.c_str());
  builder.set(natsOptions_SetServers, urls.data(), static_cast<int>(urls.size()));
  if (!servers.user.empty()) {
    builder.set(natsOptions_SetUserInfo, servers.user.c_str(), servers.password.c_str());
  }
  if (!servers.token.empty()) builder.set(natsOptions_SetToken, servers.token.c_str());
}

void set_tls(Builder& builder, const ServerList& servers, const BrokerOptions& options) {
  if (servers.is_secure || !options.ca.empty() || !options.certificate.empty()) {
    builder.set(natsOptions_SetSecure, true);
  }
  if (!options.ca.empty()) {
    builder.set(natsOptions_LoadCATrustedCertificates, options.ca.c_str());
  }
  if (!options.certificate.empty()) {
    const std::string& key =
        options.private_key.empty() ? options.certificate : options.private_key;
    builder.set(natsOptions_LoadCertificatesChain, options.certificate.c_str(), key.c_str());
  }
}

// What is published leaves at once: else the library waits a millisecond for more.
void set_manners(Builder& builder, const std::string& title) {
  builder.set(natsOptions_SetName, title.c_str())
      .set(natsOptions_SetSendAsap, true)
      .set(natsOptions_SetAllowReconnect, false)
      .set(natsOptions_SetNoRandomize, true)
      .set(natsOptions_SetTimeout, patience)
      .set(natsOptions_SetWriteDeadline, patience)
      .set(natsOptions_SetPingInterval, ping_interval)
      .set(natsOptions_SetMaxPingsOut, most_pings)
      .set(natsOptions_SetErrorHandler, ignore, nullptr);
}

// Nothing: all can be read that are given.
std::optional<ConnectFailure> unreadable_file(const BrokerOptions& options) {
  const std::pair<const char*, const std::string&> files[] = {{"credentials", options.credentials},
                                                              {"ca", options.ca},
                                                              {"certificate", options.certificate},
                                                              {"private key", options.private_key}};
  for (const auto& [what, file] : files) {
    if (file.empty() || std::ifstream(file).is_open()) continue;
    return ConnectFailure{"the broker's option " + std::string(what) + ": the file '" + file +
                              "' can't be read: " + std::strerror(errno),
                          true};
  }
  return std::nullopt;
}

ConnectFailure failure(const ServerList& servers, natsStatus status) {
  const std::string start = "no connection to " + servers.shown() + ": ";
  switch (status) {
    case NATS_CONNECTION_AUTH_FAILED:
      return {start + reason_of(status) +
                  "; check the user and password or token in its URL, or the credentials",
              true};
    case NATS_SSL_ERROR:
      return {start + reason_of(status) + "; check the server's certificate and the option ca",
              true};
    case NATS_SECURE_CONNECTION_WANTED:
      return {start + "the server has no TLS; write nats:// for tls://", true};
    case NATS_SECURE_CONNECTION_REQUIRED:
      return {start + "the server wants TLS; write tls:// for nats://", true};
    case NATS_NO_SERVER:
      return {start + "nobody answers there; is nats-server running, and the address right?"};
    case NATS_TIMEOUT:
      return {start + "what listens there doesn't answer as a NATS server does; check the port"};
    default:
      return {start + reason_of(status)};
  }
}

}  // namespace

std::variant<std::unique_ptr<Connection>, ConnectFailure> Connection::open(
    const BrokerOptions& options, const std::string& title, std::vector<std::string>& known) {
  const auto servers = protocol::parse_servers(options.url);
  if (!servers) return ConnectFailure{servers.error().message, true};
  if (auto unreadable = unreadable_file(options)) return std::move(*unreadable);
  Builder builder;
  set_servers(builder, *servers, known);
  set_manners(builder, title);
  set_tls(builder, *servers, options);
  if (!options.credentials.empty()) {
    builder.set(natsOptions_SetUserCredentialsFromFiles, options.credentials.c_str(), nullptr);
  }
  if (builder.status() != NATS_OK) {
    return ConnectFailure{"the broker's options can't be: " + reason_of(builder.status()) +
                              "; check the PEM files of ca, certificate and private key",
                          true};
  }
  Handle nats;
  const natsStatus status = make(nats, natsConnection_Connect, builder.get());
  if (status != NATS_OK) return failure(*servers, status);
  return std::unique_ptr<Connection>(new Connection(std::move(nats), known));
}

Connection::Connection(Handle nats, std::vector<std::string>& known) : nats_(std::move(nats)) {
  std::array<char, 512> url{};
  if (natsConnection_GetConnectedUrl(nats_.get(), url.data(), url.size()) == NATS_OK) {
    server_ = url.data();
  }
  learn_of_servers(known);
}

void Connection::learn_of_servers(std::vector<std::string>& known) {
  constexpr std::size_t most = 32;
  char** servers = nullptr;
  int count = 0;
  if (natsConnection_GetDiscoveredServers(nats_.get(), &servers, &count) != NATS_OK) return;
  for (int i = 0; i < count; ++i) {
    if (known.size() < most && std::ranges::find(known, servers[i]) == known.end()) {
      known.emplace_back(servers[i]);
    }
    std::free(servers[i]);
  }
  std::free(servers);
}

void Connection::close() {
  natsConnection_Close(nats_.get());
}

std::size_t Connection::max_payload() const {
  return static_cast<std::size_t>(
      std::max<std::int64_t>(natsConnection_GetMaxPayload(nats_.get()), 0));
}

bool Connection::publish(const std::string& subject, const protocol::BrokerHeaders& headers,
                         std::string_view data, const std::string& reply) {
  if (data.size() > max_payload()) return false;
  NatsMessage message;
  natsStatus status =
      make(message, natsMsg_Create, subject.c_str(), reply.empty() ? nullptr : reply.c_str(),
           data.data(), static_cast<int>(data.size()));
  for (const protocol::BrokerHeader& header : headers) {
    if (status != NATS_OK) return false;
    // Names of headers end with a zero: they're literals.
    status = natsMsgHeader_Set(message.get(), header.name.data(), header.value.c_str());
  }
  return status == NATS_OK && natsConnection_PublishMsg(nats_.get(), message.get()) == NATS_OK;
}

bool Connection::flush(std::chrono::milliseconds most) {
  return natsConnection_FlushTimeout(nats_.get(), most.count()) == NATS_OK;
}

std::optional<Seconds> Connection::round_trip(std::chrono::milliseconds most) {
  const auto begin = std::chrono::steady_clock::now();
  if (!flush(most)) return std::nullopt;
  return std::chrono::steady_clock::now() - begin;
}

NatsSubscription Connection::subscribe(const std::string& subject, std::size_t most_bytes) {
  NatsSubscription subscription;
  if (make(subscription, natsConnection_SubscribeSync, nats_.get(), subject.c_str()) == NATS_OK) {
    natsSubscription_SetPendingLimits(subscription.get(), -1, static_cast<int>(most_bytes));
  }
  return subscription;
}

JetStream Connection::jet_stream() {
  jsOptions options;
  jsOptions_Init(&options);
  options.Wait = patience;
  JetStream jet_stream;
  make(jet_stream, natsConnection_JetStream, nats_.get(), &options);
  return jet_stream;
}

std::string Connection::complaint() {
  const char* text = nullptr;
  const natsStatus status = natsConnection_GetLastError(nats_.get(), &text);
  if (status == NATS_OK || status == NATS_SLOW_CONSUMER) return {};
  const std::string complaint = text && *text ? text : natsStatus_GetText(status);
  if (status != NATS_NOT_PERMITTED) return complaint;
  return complaint + "; the broker has to permit it to the user that we are";
}

protocol::BrokerHeaders headers_of(natsMsg* message) {
  protocol::BrokerHeaders headers;
  for (const std::string_view name : protocol::broker_header_names()) {
    const char* value = nullptr;
    if (natsMsgHeader_Get(message, name.data(), &value) == NATS_OK && value) {
      headers.push_back({name, value});
    }
  }
  return headers;
}

std::string_view data_of(const natsMsg* message) {
  return {natsMsg_GetData(message), static_cast<std::size_t>(natsMsg_GetDataLength(message))};
}

}  // namespace simws::broker
