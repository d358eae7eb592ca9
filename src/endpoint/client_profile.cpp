#include "endpoint/client_profile.h"

#include "endpoint/agreed_compression.h"
#include "endpoint/durations.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace simws::endpoint {

namespace {

// All but the logger. An option that is added has to be named here.
auto values_of(const ClientOptions& options) {
  const auto& [headers, subprotocols, origin, user_agent, compression, connect_timeout,
               max_message_size, max_queued_bytes, max_pending_bytes, ping_interval, ping_timeout,
               close_timeout, max_redirects, proxy, tls, reconnect, keep_queue, logger] = options;
  return std::tie(headers, subprotocols, origin, user_agent, compression, connect_timeout,
                  max_message_size, max_queued_bytes, max_pending_bytes, ping_interval,
                  ping_timeout, close_timeout, max_redirects, proxy, tls, reconnect, keep_queue);
}

ClientOptions without_logger(ClientOptions options) {
  options.logger = nullptr;
  return options;
}

}  // namespace

protocol::RetryOptions retry_options(const Reconnect& reconnect) {
  return {reconnect.initial.count(), reconnect.max.count(), reconnect.factor, reconnect.jitter,
          reconnect.attempts};
}

protocol::ClientRequest client_request(const ClientOptions& options) {
  return {options.headers, options.subprotocols, options.origin, options.user_agent,
          deflate_wishes(options.compression)};
}

ClientProfile::ClientProfile(transport::Loop& loop, Destination to, ClientOptions how)
    : destination(std::move(to)),
      options(without_logger(std::move(how))),
      retry(options.reconnect ? retry_options(*options.reconnect) : protocol::RetryOptions()),
      reading{options.max_pending_bytes, to_duration(options.connect_timeout), loop},
      deadlines(loop) {
  const std::pair<DeadlineKind, Seconds> durations[] = {
      {DeadlineKind::ping, options.ping_interval},
      {DeadlineKind::pong, options.ping_timeout},
      {DeadlineKind::close, options.close_timeout},
      {DeadlineKind::linger, std::min(linger_time, options.close_timeout)}};
  for (const auto& [kind, duration] : durations) {
    deadlines.set_duration(kind, to_duration(duration));
  }
}

std::shared_ptr<ClientProfile> ClientProfiles::find_or_make(transport::Loop& loop, Destination to,
                                                            ClientOptions how) {
  if (auto latest = latest_.lock();
      latest && latest->destination == to && values_of(latest->options) == values_of(how)) {
    return latest;
  }
  auto made = std::make_shared<ClientProfile>(loop, std::move(to), std::move(how));
  latest_ = made;
  return made;
}

}  // namespace simws::endpoint
