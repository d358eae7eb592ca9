// Where a server listens.
#include "base/query.h"
#include "base/random.h"
#include "endpoint/entry_services.h"
#include "endpoint/file_service.h"
#include "endpoint/inspector_pages.h"
#include "endpoint/metrics_service.h"
#include "endpoint/page_client.h"
#include "endpoint/plain_http_answer.h"
#include "endpoint/server_core.h"
#include "protocol/http/syntax.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace simws::endpoint {

namespace {

constexpr int port_attempts = 32;

std::string describe_address(const std::string& ip, int port) {
  const bool is_ipv6 = ip.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + ip + "]" : ip) + ":" + std::to_string(port);
}

Error explain(const std::string& ip, int port, const Error& cause) {
  constexpr std::string_view host_advice =
      "; the option host must be an address of this machine, or '*' for all of them";
  std::string_view advice;
  switch (cause.code) {
    case ErrorCode::invalid_argument:
      return {cause.code, ("cannot listen on " + protocol::http::in_quotes(ip))
                              .append(": it is no IP address")
                              .append(host_advice)};
    case ErrorCode::address_in_use:
      advice = "; stop the program that listens there, or choose another port (0 picks a free one)";
      break;
    case ErrorCode::permission_denied:
      advice = "; choose a port from 1024 up";
      break;
    case ErrorCode::unavailable:
      advice = host_advice;
      break;
    default:
      break;
  }
  return {cause.code,
          ("cannot listen on " + describe_address(ip, port) + ": " + cause.message).append(advice)};
}

}  // namespace

Result<void> ServerCore::listen(int port) {
  if (port < 0 || port > 65535) {
    return Error{ErrorCode::invalid_argument,
                 "port " + std::to_string(port) + " is out of range: 0-65535, 0 picks a free one"};
  }
  if (options_.tls) {
    if (auto made = make_tls(); !made) return made;
  }
  if (auto read = read_proxies(); !read) return read;
  if (auto listening = listen_on_host(port); !listening) return listening;
  if (auto added = add_services(); !added) return added;
  log(LogLevel::info, describe_listening());
  if (broker_) start_broker();
  return {};
}

// With the address by which other machines may know the server.
void ServerCore::start_broker() noexcept {
  std::string address;
  try {
    const std::string& host = options_.host;
    const bool is_everywhere = host == "*" || host == "0.0.0.0" || host == "::";
    const std::string machine = is_everywhere ? transport::machine_name() : host;
    address = describe_address(machine.empty() ? "localhost" : machine, port_);
  } catch (...) {
    // It's only for people.
  }
  broker_->start(std::move(address));
}

Result<void> ServerCore::listen_on_host(int port) {
  const std::string& host = options_.host;
  if (host.empty() || host == "localhost") return listen_on_both("127.0.0.1", "::1", port);
  if (host == "*") return listen_on_both("0.0.0.0", "::", port);
  return add_listener(host, port);
}

Result<void> ServerCore::read_proxies() {
  auto trusted = protocol::Networks::parse("trustedProxies", options_.trusted_proxies);
  if (!trusted) return std::move(trusted).error();
  http_rules_.proxies.trusted = std::move(trusted).value();
  return {};
}

// In the order in which they are asked.
Result<void> ServerCore::add_services() {
  HttpServices& services = http_rules_.services;
  const protocol::EntryRules& rules = http_rules_.handshake.entry;
  services.add(make_entry_service(
      rules, [this](const RequestHead& request) { return files_.is_public(request); }));
  if (!rules.cors_origins.empty()) services.add(make_cors_service(rules));
  if (!options_.tokens.empty()) {
    try {
      SystemRandom random;
      services.add(make_token_service({options_.tokens, port_, random}, rules));
    } catch (const std::system_error& error) {
      return Error{ErrorCode::unavailable,
                   std::string("no random bytes for the option token: ") + error.what()};
    }
  }
  if (inspector_) {
    services.add(make_inspector_service([this] { return inspector_->has_room(); }));
  }
  if (options_.metrics) services.add(make_metrics_service(*this));
  if (!options_.topics.empty()) services.add(make_page_client_service());
  services.add(make_file_service(files_));
  if (!handlers_.http) services.add(make_nothing_here_service(options_.info_page));
  return {};
}

Result<void> ServerCore::make_tls() {
  auto made = TlsEntrance::make(
      loop(), *options_.tls, [this](LogLevel level, std::string_view line) { log(level, line); },
      [this](std::string_view head) { return answer_plain_http(head, port_); });
  if (!made) return std::move(made).error();
  tls_ = std::move(made).value();
  return {};
}

// The same port on both. When port 0's choice is taken on the other address, another one is tried;
// where the system has only one of the two, that one will do.
Result<void> ServerCore::listen_on_both(const std::string& ipv4, const std::string& ipv6,
                                        int port) {
  Result<void> result;
  for (int attempt = 0; attempt < (port == 0 ? port_attempts : 1); ++attempt) {
    listeners_.clear();
    result = add_listener(ipv4, port);
    if (!result && result.error().code == ErrorCode::unavailable && add_listener(ipv6, port)) {
      return {};
    }
    if (!result) return result;
    result = add_listener(ipv6, port_);
    if (result || result.error().code == ErrorCode::unavailable) return {};
    if (result.error().code != ErrorCode::address_in_use) break;
  }
  listeners_.clear();
  return result;
}

Result<void> ServerCore::add_listener(const std::string& ip, int port) {
  auto listener = loop().listen(
      ip, port, [this](std::unique_ptr<transport::Stream> stream) { accept(std::move(stream)); });
  if (!listener) return explain(ip, port, listener.error());
  (*listener)->set_shortage_handler(
      [this](transport::Shortage shortage) { note_shortage(shortage); });
  port_ = (*listener)->address().port;
  listeners_.push_back(std::move(listener).value());
  return {};
}

// One line for all listeners.
void ServerCore::note_shortage(transport::Shortage shortage) {
  if (shortage == transport::Shortage::none) {
    if (--short_listeners_ == 0) log(LogLevel::info, "new connections are taken again");
  } else if (++short_listeners_ == 1) {
    log(LogLevel::warning,
        shortage == transport::Shortage::descriptors
            ? "out of file descriptors: new connections wait; raise the limit (ulimit -n), or set "
              "the option maxConnections below it"
            : "the system is out of memory: new connections wait");
  }
}

std::string ServerCore::describe_listening() const {
  std::string line = "listening on ";
  for (const auto& listener : listeners_) {
    if (listener != listeners_.front()) line += " and ";
    line += listener->address().to_string();
  }
  const bool everywhere =
      options_.host.empty() || options_.host == "localhost" || options_.host == "*";
  const std::string name =
      everywhere ? "localhost:" + std::to_string(port_) : listeners_.front()->address().to_string();
  const std::string query = describe_token();
  line += tls_ ? "; open https://" + name + query + " or connect to wss://" + name + query
               : "; open http://" + name + query + " or connect to ws://" + name + query;
  if (inspector_) {
    line += std::string(tls_ ? "; inspect https://" : "; inspect http://") + name + "/_simws/" +
            query.substr(std::min<std::size_t>(query.size(), 1));
  }
  if (options_.host == "*") line += describe_networks();
  if (!options_.start_note.empty()) line += "; " + options_.start_note;
  return line;
}

// Others than the terminal may read the log.
std::string ServerCore::describe_token() const {
  if (options_.tokens.empty()) return {};
  return "/?token=" + (options_.shows_token ? percent_encode(options_.tokens.front()) : "***");
}

// What to type into a tablet.
std::string ServerCore::describe_networks() const {
  constexpr std::size_t most_shown = 4;
  std::vector<std::string> names = transport::machine_addresses();
  names.resize(std::min(names.size(), most_shown));
  const std::string machine = transport::machine_name();
  if (!machine.empty()) names.push_back(machine.substr(0, machine.find('.')) + ".local");
  std::string line;
  for (const std::string& name : names) {
    line.append(line.empty() ? "; from other machines: " : ", ");
    line.append(tls_ ? "https://" : "http://")
        .append(name)
        .append(":")
        .append(std::to_string(port_));
  }
  return line;
}

}  // namespace simws::endpoint
