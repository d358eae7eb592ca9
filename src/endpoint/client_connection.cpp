#include "endpoint/client_connection.h"

#include "endpoint/client_core.h"
#include "protocol/retry.h"

#include <ctime>
#include <utility>

namespace simws::endpoint {

using protocol::AttemptFailure;
using protocol::FailureKind;

ClientConnection::ClientConnection(ClientCore& core)
    : core_(core), attempt_(std::make_unique<Attempt>()) {
  attempt_->outlet = std::make_shared<protocol::Outlet>(core.group().output_budget());
}

void ClientConnection::leave_channel() noexcept {
  attempt_->left_channel = std::move(channel_);
  attempt_->left_speaker = std::move(speaker_);
  attempt_->left_channel->close();
}

// Not that of the channel that is left.
void ClientConnection::on_channel_closed() noexcept {
  if (channel_) WebSocketConnection::on_channel_closed();
}

// Outside of a channel nobody else sees to what runs out of memory.
template <typename Work>
void ClientConnection::guard(Work&& work) noexcept {
  try {
    work();
  } catch (...) {
    on_failed({FailureKind::network, "out of memory", 0, {}});
  }
}

void ClientConnection::stop_reaching() noexcept {
  attempt_->dialing.reset();
  attempt_->tunnel_timer.reset();
}

void ClientConnection::start() {
  guard([&] {
    attempt_->uri = core_.uri();
    attempt_->request = core_.request();
    attempt_->redirects_left = core_.options().max_redirects;
    dial();
  });
}

void ClientConnection::dial() {
  const protocol::Uri& uri = attempt_->uri;
  const auto proxy = core_.choose_proxy(uri);
  if (!proxy) return on_failed({FailureKind::answer, proxy.error().message, 0, {}});
  const std::string& host = *proxy ? (*proxy)->host : uri.host;
  const int port = *proxy ? (*proxy)->port : uri.port;
  attempt_->dialing = std::make_unique<Dialing>(
      core_.loop(), host, port,
      [this, proxy = *proxy](auto stream) { guard([&] { on_dialed(std::move(stream), proxy); }); });
}

void ClientConnection::on_dialed(Result<std::unique_ptr<transport::Stream>> stream,
                                 const std::optional<protocol::Proxy>& proxy) {
  if (!stream) {
    const std::string_view who = proxy ? "the proxy: " : "";
    return on_failed({FailureKind::network, std::string(who) + stream.error().message, 0, {}});
  }
  const bool is_secure = attempt_->uri.is_secure;
  if (is_secure && !proxy) return begin_tls(std::move(stream).value());
  ClientOpening::Plan plan;
  if (!is_secure) plan = make_plan();
  if (proxy) plan.tunnel_request = tunnel_request(*proxy);
  speak(std::move(stream).value(), std::move(plan));
}

void ClientConnection::on_tunnel() {
  attempt_->tunnel = channel_->take_stream();
  leave_channel();
  guard([&] {
    transport::Loop& loop = core_.loop();
    attempt_->tunnel_timer =
        loop.make_timer([this] { guard([&] { begin_tls(std::move(attempt_->tunnel)); }); });
    attempt_->tunnel_timer->start(loop.now());
  });
}

// Files may have been replaced since, or not be whole at the moment: that doesn't last.
void ClientConnection::begin_tls(std::unique_ptr<transport::Stream> stream) {
  const auto context = core_.tls();
  if (!context) return on_failed({FailureKind::network, context.error().message, 0, {}});
  ClientOpening::Plan plan = make_plan();
  plan.is_secure = true;
  stream = (*context)->connect(std::move(stream), attempt_->uri.host);
  if (!stream) return on_failed({FailureKind::network, "out of memory", 0, {}});
  speak(std::move(stream), std::move(plan));
}

void ClientConnection::speak(std::unique_ptr<transport::Stream> stream, ClientOpening::Plan plan) {
  channel_ =
      std::make_unique<Channel>(group(), static_cast<ChannelOwner&>(*this), std::move(stream));
  auto opening = std::make_unique<ClientOpening>(*channel_, static_cast<ClientOpeningHost&>(*this),
                                                 std::move(plan));
  ClientOpening& asking = *opening;
  channel_->set_speaker(asking);
  speaker_ = std::move(opening);
  asking.start();
  channel_->start_reading();
}

ClientOpening::Plan ClientConnection::make_plan() {
  const Attempt& attempt = *attempt_;
  ClientOpening::Plan plan;
  const std::string key = protocol::make_handshake_key(core_.random());
  plan.request = protocol::encode_client_request(attempt.request, attempt.uri, key);
  plan.expectation.uri = attempt.uri;
  plan.expectation.key = key;
  plan.expectation.subprotocols = attempt.request.subprotocols;
  plan.expectation.deflate = attempt.request.deflate;
  plan.expectation.redirects_left = attempt.redirects_left;
  return plan;
}

std::string ClientConnection::tunnel_request(const protocol::Proxy& proxy) const {
  return protocol::encode_connect_request(attempt_->uri, proxy, attempt_->request.user_agent);
}

void ClientConnection::on_opened(protocol::Opened opened, MutableBytes rest) {
  answer_ = std::move(opened.fields);
  const ClientOptions& options = core_.options();
  opened_ = core_.loop().now();
  open({protocol::Role::client, options.max_message_size, &core_.masking_keys(), opened.deflate,
        &options.compression},
       rest);
}

void ClientConnection::on_redirected(protocol::Redirected redirected) {
  leave_channel();
  if (!redirected.to_same_origin) attempt_->request = attempt_->request.without_credentials();
  attempt_->uri = std::move(redirected.uri);
  --attempt_->redirects_left;
  guard([&] { dial(); });
}

void ClientConnection::on_failed(const AttemptFailure& failure) {
  if (told_closed_) return;
  attempt_->is_retried = protocol::is_retried(failure);
  attempt_->retry_after = protocol::parse_retry_after(failure.retry_after, std::time(nullptr));
  stop_reaching();
  fail(failure.reason);
  if (channel_) return channel_->close();
  retire();
}

void ClientConnection::time_out() {
  const auto* const opening = static_cast<const ClientOpening*>(speaker_.get());
  const auto failure = opening ? opening->failure_so_far() : std::nullopt;
  if (failure) return on_failed(*failure);
  on_failed({FailureKind::timeout,
             (opening ? "no answer came" : "no connection came about") +
                 std::string(" within connectTimeout"),
             0,
             {}});
}

void ClientConnection::stop(bool tell) {
  if (is_websocket_) return leave(CloseCode::normal, tell);
  if (std::exchange(told_closed_, true)) return;
  view_ = View::forgotten;
  if (channel_) return channel_->close();
  stop_reaching();
  retire();
}

ConnectionInfo ClientConnection::info() const {
  ConnectionInfo info = WebSocketConnection::info();
  info.request = answer_;
  info.subprotocol = answer_.joined("Sec-WebSocket-Protocol");
  return info;
}

const std::shared_ptr<protocol::Outlet>& ClientConnection::outlet() const {
  return channel_ ? channel_->shared_outlet() : attempt_->outlet;
}

ChannelGroup& ClientConnection::group() const {
  return core_.group();
}

CommonHandlers ClientConnection::handlers() const {
  return CommonHandlers(core_.handlers());
}

void ClientConnection::after_open() {
  core_.send_kept(*this);
}

void ClientConnection::note_open() noexcept {
  attempt_.reset();
  core_.note_open();
}

void ClientConnection::note_end() noexcept {
  const Ending& ending = ending_ ? *ending_ : lack_of_memory();
  AttemptEnd end;
  if (is_websocket_) {
    end.is_retried = !is_closed_by_application_ && protocol::is_retried(ending.code);
    end.open_time = core_.loop().now() - opened_;
  } else {
    end.is_retried = attempt_->is_retried;
    end.retry_after = attempt_->retry_after;
  }
  end.why = ending.error.empty() ? ending.reason : ending.error;
  core_.note_end(end);
}

// Where nothing more can be told of an attempt, it has failed all the same.
void ClientConnection::retire() noexcept {
  if (!told_closed_ && !is_websocket_) fail("out of memory");
  core_.retire(*this);
}

}  // namespace simws::endpoint
